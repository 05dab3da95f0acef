from . import (
    hr_experience_report,
    hr_experience_screen,
    hr_feedback_report,
    hr_nurture_held,
    hr_nurture_report,
    hr_nurture_trend,
    hr_pool_report,
    report_experience,
    report_feedback_promises,
)
