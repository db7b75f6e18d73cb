"""What the desk tells others: letters, and notices to other systems."""
