from . import (
    applicant_get_refuse_reason,
    hr_applicant_category_merge,
    hr_applicant_set_tags,
    hr_feedback_call,
    hr_feedback_cancel,
    hr_feedback_report_wizard,
)
