"""Teaching from drawings: my digits, a short fine-tuning, the lesson of styles."""
