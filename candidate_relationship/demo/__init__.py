from . import (
    hr_experience_demo,
    hr_feedback_demo,
    hr_nurture_program_demo,
    hr_reactivation_demo,
    hr_relationship_demo,
)
