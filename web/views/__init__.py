"""What one sees: one ``Viewer`` a file, each fed by ``LabState`` alone."""
