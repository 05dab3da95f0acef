from . import hr_feedback_demo, hr_nurture_program_demo, hr_reactivation_demo, hr_relationship_demo
