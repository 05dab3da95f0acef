from . import hr_feedback_report, hr_pool_report, report_feedback_promises
from . import hr_feedback_report, hr_nurture_held, report_feedback_promises
