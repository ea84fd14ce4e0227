"""What performance target forms must satisfy."""
