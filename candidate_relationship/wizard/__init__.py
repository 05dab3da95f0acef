from . import (
    applicant_get_refuse_reason,
    applicant_get_refuse_reason_pool,
    hr_applicant_category_merge,
    hr_applicant_set_tags,
    hr_candidate_consent_ask,
    hr_candidate_consent_record,
    hr_feedback_call,
    hr_feedback_cancel,
    hr_feedback_report_wizard,
    hr_talent_pool_fill_wizard,
)
