"""The memory image: what prepares it when the site is built. The page's half is boot/image/."""
