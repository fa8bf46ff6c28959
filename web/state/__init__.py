"""The learner's choices and what is shown because of them: values without effects."""
