from . import hr_feedback_demo
