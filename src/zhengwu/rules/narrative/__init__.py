"""What sentences must satisfy."""
