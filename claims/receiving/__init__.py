"""What comes in: uploads, folders, documents that move between claims."""
