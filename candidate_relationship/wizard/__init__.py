from . import (
    applicant_get_refuse_reason,
    applicant_get_refuse_reason_pool,
    hr_feedback_call,
    hr_feedback_cancel,
    hr_feedback_report_wizard,
    hr_talent_pool_fill_wizard,
)
