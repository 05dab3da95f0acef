from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_round
from odoo.tools.misc import formatLang

# Of a bar from -100 to 100, in the units of the drawing
BAR_WIDTH = 200


class ReportExperience(models.AbstractModel):
    """Lays out what the Experience screen says about a quarter: no figure is defined here."""
    _name = 'report.candidate_relationship.report_experience'
    _description = "Candidate Experience (PDF)"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env['hr.experience.report.wizard'].browse(docids)
        return {
            'doc_ids': docids,
            'doc_model': docs._name,
            'docs': docs,
            'get_content': self._get_content,
            'number': self._format_number,
            'signed': self._format_signed,
            'percent': self._format_percent,
            'interval': self._format_interval,
            'share': self._format_share,
            'bar': self._get_bar,
            'bar_width': BAR_WIDTH,
            'now': fields.Datetime.now(),
        }

    @api.model
    def _get_content(self, wizard):
        report, quarter = wizard._get_report(), fields.Date.to_date(wizard.quarter)
        department = wizard.department_id.id
        domain = report._get_experience_domain(department, quarter)
        content = report._get_experience_content(domain, quarter)
        shown = report._get_experience_domain(department, False) & Domain(
            'month', '<', quarter + relativedelta(months=3))
        return {
            **content,
            'title': report._format_period(quarter, 'quarter'),
            'trend': report._get_periods(shown, 'quarter'),
            'months': content['periods'],
            'slices': [] if department else content['slices'],
            'comments': report._get_comments(department, quarter, 0),
            'threshold': report._get_least_answers(shown),
        }

    @api.model
    def _get_bar(self, row):
        """Where the interval and its middle are drawn."""
        low, nps, high = (round(BAR_WIDTH * (100 + row[name]) / 200, 1) for name in ('nps_low', 'nps', 'nps_high'))
        return {'start': low, 'length': max(1, round(high - low, 1)), 'middle': nps}

    # ------------------------------------------------------------------
    # Words and numbers
    # ------------------------------------------------------------------

    @api.model
    def _format_number(self, value, digits=0):
        return "–" if value is False else formatLang(self.env, value, digits=digits)

    @api.model
    def _format_signed(self, value):
        rounded = self._round(value)
        return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded else "0"

    @api.model
    def _format_percent(self, value):
        return "–" if value is False else self.env._("%s%%", formatLang(self.env, self._round(value), digits=0))

    @api.model
    def _round(self, value):
        """As the screen does: halves away from 0."""
        return int(float_round(value, precision_digits=0))

    @api.model
    def _format_interval(self, row):
        return self.env._(
            "%(low)s to %(high)s", low=self._format_signed(row['nps_low']), high=self._format_signed(row['nps_high']))

    @api.model
    def _format_share(self, part, whole):
        return self.env._("%(part)s of %(whole)s", part=part, whole=whole)
