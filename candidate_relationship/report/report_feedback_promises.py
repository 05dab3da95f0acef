from math import ceil
from unicodedata import east_asian_width

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, get_lang
from odoo.tools.misc import formatLang

# Sizes of the charts, in units of which CHART_WIDTH fill the page
CHART_WIDTH = 680
BAR_LABEL_WIDTH = 180
BAR_LABEL_LENGTH = 28
BAR_WIDTH = 390
BAR_HEIGHT = 24
COLUMNS_HEIGHT = 100
COLUMN_MAX_WIDTH = 44
MAX_LABELS = 13
# The chart shows the departments with most promises, the table shows them all.
MAX_BARS = 12
# Past this length a column is a month.
MAX_WEEKS = 16
# One above the other, from the bottom
SERIES = ('kept', 'late', 'overdue', 'open')


class ReportFeedbackPromises(models.AbstractModel):
    """Lays out what `hr.feedback.report` says: no figure is defined here."""
    _name = 'report.candidate_relationship.report_feedback_promises'
    _description = "Feedback Promises (PDF)"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env['hr.feedback.report.wizard'].browse(docids)
        return {
            'doc_ids': docids,
            'doc_model': docs._name,
            'docs': docs,
            'get_content': self._get_content,
            'percent': self._format_percent,
            'hours': self._format_hours,
            'share': self._format_share,
            'answers': self._format_answers,
            'now': fields.Datetime.now(),
        }

    @api.model
    def _get_content(self, wizard):
        domain = wizard._get_report_domain()
        figures = self.env['hr.feedback.report']._get_figures(domain)[0]
        departments = self._get_breakdown(domain, 'department_id', self.env._("No department"))
        return {
            'figures': figures,
            'tables': [
                (self.env._("By department"), self.env._("Department"), departments),
                (self.env._("By recruiter"), self.env._("Recruiter"),
                 self._get_breakdown(domain, 'user_id', self.env._("Nobody"))),
                (self.env._("By event"), self.env._("Promised after"), self._get_breakdown(domain, 'trigger', '')),
            ],
            'bars': self._get_bars(departments),
            'columns': self._get_columns(wizard, domain),
            'left_out': self._get_left_out(figures),
        }

    @api.model
    def _get_left_out(self, figures):
        return self.env._(
            "%(promises)s promises were made in this period. %(open)s of them are not due yet or wait for the "
            "candidate, %(cancelled)s were cancelled; they are in no kept rate.",
            promises=figures['promises'], open=figures['tellable'] - figures['decided'],
            cancelled=figures['promises'] - figures['tellable'])

    @api.model
    def _get_breakdown(self, domain, field_name, no_value):
        """The figures by the values of a field, most promises first."""
        report = self.env['hr.feedback.report']
        labels = dict(report._fields[field_name]._description_selection(self.env)) if field_name == 'trigger' else {}
        rows = report._get_figures(domain, field_name)
        for row in rows:
            group = row['group']
            row['label'] = labels.get(group) or (group and group.sudo().display_name) or no_value
        return sorted(rows, key=lambda row: (-row['promises'], row['label']))

    # ------------------------------------------------------------------
    # Charts
    # ------------------------------------------------------------------

    @api.model
    def _get_bars(self, rows):
        """Kept rate by department, as bars: best first."""
        rated = [row for row in rows if row['decided']][:MAX_BARS]
        rated.sort(key=lambda row: (-row['kept_rate'], row['label']))
        return {
            'width': CHART_WIDTH,
            'height': len(rated) * BAR_HEIGHT + 4,
            'left': BAR_LABEL_WIDTH,
            'full': BAR_WIDTH,
            'bars': [
                dict(row, y=index * BAR_HEIGHT + 4, length=round(BAR_WIDTH * row['kept_rate'] / 100, 1),
                     label=self._shorten(row['group'].sudo().name or row['label']))
                for index, row in enumerate(rated)
            ],
        }

    @api.model
    def _get_columns(self, wizard, domain):
        """Promises by the week or month they were made in, as stacked columns."""
        weeks = (wizard.date_to - wizard.date_from).days / 7
        step = relativedelta(weeks=1) if weeks <= MAX_WEEKS else relativedelta(months=1)
        rows = self._get_steps(wizard, domain, step)
        highest = max((row['tellable'] for row in rows), default=0)
        pitch = CHART_WIDTH / max(len(rows), 1)
        width = round(min(COLUMN_MAX_WIDTH, pitch * 0.6), 1)
        for index, row in enumerate(rows):
            # as many labels as there is room for
            row['label'] = '' if index % ceil(len(rows) / MAX_LABELS) else row['label']
            row['middle'] = round((index + 0.5) * pitch, 1)
            row['parts'] = self._stack(row, highest)
        return {
            'width': CHART_WIDTH,
            'height': COLUMNS_HEIGHT,
            'column_width': width,
            'columns': rows if highest else [],
            'by_week': step.days > 0,
        }

    @api.model
    def _get_steps(self, wizard, domain, step):
        """Figures of each week or month; those without a promise are there too."""
        granularity = 'week' if step.days else 'month'
        report = self.env['hr.feedback.report'].with_context(tz=wizard._get_timezone())
        rows = {row['group'].date(): row for row in report._get_figures(domain, f'trigger_datetime:{granularity}')}
        steps, day = [], min(rows, default=None)
        while day and day <= max(rows):
            row = rows.get(day) or dict.fromkeys(['kept', 'late', 'overdue', 'decided', 'tellable'], 0)
            row['open'] = row['tellable'] - row['decided']
            row['label'] = self._format_step(day, granularity)
            steps.append(row)
            day += step
        return steps

    @api.model
    def _stack(self, row, highest):
        parts, bottom = [], COLUMNS_HEIGHT
        for name in SERIES:
            height = round(COLUMNS_HEIGHT * 0.85 * row[name] / highest, 1) if highest else 0
            bottom -= height
            parts.append({'name': name, 'y': round(bottom, 1), 'height': height})
        return parts

    # ------------------------------------------------------------------
    # Words and numbers
    # ------------------------------------------------------------------

    @api.model
    def _shorten(self, label):
        """Cut to the room beside a bar; a Chinese character takes the room of two letters."""
        length = 0
        for index, char in enumerate(label):
            length += 2 if east_asian_width(char) in 'WF' else 1
            if length > BAR_LABEL_LENGTH:
                return label[:index].rstrip() + "…"
        return label

    @api.model
    def _format_step(self, day, granularity):
        skeleton = 'MMMd' if granularity == 'week' else 'yMMM'
        return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _format_percent(self, value):
        """A rate that nothing is known about is not zero; and 99.7 % are not all, nor 0.3 % none."""
        if value is False:
            return "–"
        rounded = value if value in (0, 100) else min(max(round(value), 1), 99)
        return self.env._("%s%%", formatLang(self.env, rounded, digits=0))

    @api.model
    def _format_hours(self, value):
        return "–" if value is False else self.env._("%s h", formatLang(self.env, value, digits=1))

    @api.model
    def _format_share(self, part, whole):
        return self.env._("%(part)s of %(whole)s", part=part, whole=whole)

    @api.model
    def _format_answers(self, count):
        return self.env._("of %s answers", count)
