"""What is kept across visits: the store, and what is saved to it and read back."""
