"""The rule of a pool: who belongs in, as a domain on applications that one user set."""

import ast
from contextlib import contextmanager

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval

# Reading through all messages and CVs takes minutes; longer paths than these are joins over whole tables.
SLOW_FIELDS = {'message_ids', 'website_message_ids', 'message_follower_ids', 'message_partner_ids', 'rating_ids'}
SLOW_MODELS = {'ir.attachment', 'mail.message', 'mail.mail', 'mail.tracking.value'}
LONGEST_PATH = 4
MOST_CONDITIONS = 50
SECONDS_TO_CHECK = 10
UNUSABLE = (
    ValueError, TypeError, KeyError, NotImplementedError, psycopg2.DataError, psycopg2.ProgrammingError)
SECONDS_TO_RUN = 120
# A rule that lets in this share of all people is no rule: whoever sets it is asked.
EVERYBODY = 0.9
# What the server alone writes.
PROTECTED = ('rule_user_id', 'rule_confirmed_for', 'rule_error', 'rule_last_run')
# What decides whom a rule finds.
SCOPE = {'rule_domain', 'company_id'}


def _get_tag_leaves(tree):
    """Numbers that conditions on tags compare with, in the syntax tree of a rule."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == 3:
            path = node.elts[0]
            if isinstance(path, ast.Constant) and str(path.value).removesuffix('.id').endswith('categ_ids'):
                yield from (
                    leaf for leaf in ast.walk(node.elts[2])
                    if isinstance(leaf, ast.Constant) and type(leaf.value) is int)


class HrTalentPool(models.Model):
    """A rule is evaluated with the rights and companies of who set it, by night as well."""
    _inherit = 'hr.talent.pool'

    rule_domain = fields.Char(string="Rule", help="Which applications bring their people into this pool.")
    rule_active = fields.Boolean(string="Fill Every Night", tracking=True)
    rule_user_id = fields.Many2one(
        'res.users', string="Rule Set By", readonly=True, copy=False, ondelete='set null',
        help="The rule finds what this user may see.")
    rule_last_run = fields.Datetime(string="Last Filled", readonly=True, copy=False)
    rule_error = fields.Text(string="Why It Was Not Filled", readonly=True, copy=False)
    rule_confirmed_for = fields.Char(
        readonly=True, copy=False, help="The rule that somebody said yes to although it lets in almost everybody.")
    has_rule = fields.Boolean(compute='_compute_has_rule', search='_search_has_rule')

    @api.depends('rule_domain', 'rule_active')
    def _compute_has_rule(self):
        for pool in self:
            pool.has_rule = pool.rule_active or pool._get_rule_text() != '[]'

    def _search_has_rule(self, operator, value):
        if operator != 'in':
            return NotImplemented
        has_rule = Domain('rule_active', '=', True) | (
            Domain('rule_domain', '!=', False) & Domain('rule_domain', '!=', '[]'))
        return Domain.OR(has_rule if flag else ~has_rule for flag in value)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_rule_owner(vals) for vals in vals_list]
        if not self.env.su:
            # named, so that no default of the context or of the user counts
            vals_list = [{**vals, **dict.fromkeys(PROTECTED), 'rule_user_id': self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        vals = self._prepare_rule_owner(vals)
        if not SCOPE.isdisjoint(vals):
            self._take_over_fills()
        return super().write(vals)

    @api.model
    def _prepare_rule_owner(self, vals):
        """Who sets a rule, or where it looks, lends it their rights: nobody can lend it those of somebody else."""
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in PROTECTED}
        if not SCOPE.isdisjoint(vals) or vals.get('rule_active'):
            vals = {'rule_user_id': self.env.uid, 'rule_error': False, **vals}
        return vals

    def _take_over_fills(self):
        """What others asked for and still waits is not to find with their rights what they have not seen."""
        fills = self.env['hr.talent.pool.fill'].sudo().search([
            ('pool_id', 'in', self.ids), ('state', 'in', ['queued', 'running']), ('user_id', '!=', self.env.uid)])
        fills.user_id = self.env.uid

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains('rule_domain', 'company_id', 'rule_user_id')
    def _check_rule_domain(self):
        for pool in self.filtered(lambda pool: pool._get_rule_text() != '[]'):
            pool._check_rule(pool.rule_user_id or self.env.user)

    def _check_rule(self, user):
        """:raise ValidationError: in words that name what is wrong"""
        applicants = self._get_rule_applicants(user)
        domain = self._parse_rule(user)
        if sum(1 for _condition in domain.iter_conditions()) > MOST_CONDITIONS:
            raise ValidationError(self.env._(
                "The rule has more than %s conditions. Make it simpler.", MOST_CONDITIONS))
        self._check_conditions(domain, applicants)
        try:
            with self._time_limit(SECONDS_TO_CHECK):
                applicants.search_count(domain)
        except (AccessError, UserError) as error:
            raise ValidationError(self.env._("The rule can't be used: %s", error.args[0])) from error
        except psycopg2.errors.QueryCanceled as error:
            raise ValidationError(self.env._("The rule takes too long to evaluate. Make it simpler.")) from error
        except UNUSABLE as error:
            raise ValidationError(self.env._("The rule can't be used: %s", error)) from error

    def _parse_rule(self, user):
        text = self._get_rule_text()
        try:
            value = safe_eval(text, {
                'uid': user.id, 'datetime': safe_datetime, 'relativedelta': relativedelta,
                'context_today': fields.Date.today, 'current_date': fields.Date.to_string(fields.Date.today()),
            })
            if not isinstance(value, list):
                raise ValueError(text)
            return Domain(value)
        except Exception as error:
            raise ValidationError(self.env._(
                "The rule of the pool “%(pool)s” is not a valid domain: %(rule)s", pool=self.name, rule=text,
            )) from error

    def _get_rule_text(self):
        return (self.rule_domain or '').strip() or '[]'

    @api.model
    def _swap_rule_tags(self, merged, kept):
        """Rules that name tags by their ids go on finding people when the tags are merged.

        :param merged: ``hr.applicant.category`` that is about to go
        :param kept: the one that takes its place
        """
        for pool in self.sudo().with_context(active_test=False).search([('rule_domain', 'like', 'categ_ids')]):
            tree = ast.parse(pool._get_rule_text(), mode='eval')
            leaves = [leaf for leaf in _get_tag_leaves(tree) if leaf.value in merged._ids]
            for leaf in leaves:
                leaf.value = kept.id
            if leaves:
                # the same rule in other words: it is neither set by somebody else nor to be checked again
                self.env.cr.execute(SQL(
                    "UPDATE hr_talent_pool SET rule_domain = %(rule)s, rule_confirmed_for ="
                    " CASE WHEN rule_confirmed_for = rule_domain THEN %(rule)s ELSE rule_confirmed_for END"
                    " WHERE id = %(id)s", rule=ast.unparse(tree), id=pool.id))
                pool.invalidate_recordset(['rule_domain', 'rule_confirmed_for'])

    @api.model
    def _check_conditions(self, domain, model):
        for condition in domain.iter_conditions():
            target = self._check_path(condition.field_expr, model)
            if condition.operator in ('any', 'not any', 'any!', 'not any!'):
                if condition.operator.endswith('!') or not isinstance(condition.value, (list, tuple, Domain)):
                    raise ValidationError(self.env._("The rule may not use the operator “%s”.", condition.operator))
                self._check_conditions(Domain(condition.value), target)

    @api.model
    def _check_path(self, path, model):
        """Each field of a path exists, may be read by the user of the model, and is not too slow.

        :return: the model at the end of the path
        """
        names = str(path).split('.')
        if len(names) > LONGEST_PATH:
            raise ValidationError(self.env._("The field “%s” of the rule leads too far away.", path))
        for name in names:
            fld = model._fields.get(name)
            if fld is None:
                raise ValidationError(self.env._(
                    "The field “%(field)s” of the rule does not exist on %(model)s.", field=name,
                    model=self._get_model_name(model)))
            if not model.has_access('read') or not model._has_field_access(fld, 'read'):
                raise ValidationError(self.env._(
                    "%(user)s may not read the field “%(field)s” of the rule.", user=model.env.user.name,
                    field=path))
            if not fld._description_searchable:
                raise ValidationError(self.env._("The field “%s” can't be searched, so no rule can use it.", path))
            if name in SLOW_FIELDS or fld.comodel_name in SLOW_MODELS:
                raise ValidationError(self.env._(
                    "The field “%s” of the rule is too slow to search every night: it reads all messages or files.",
                    path))
            if not fld.relational:
                # what follows is a property, or a part of a date
                break
            model = model.env[fld.comodel_name]
            if not model.has_access('read'):
                raise ValidationError(self.env._(
                    "%(user)s may not read the field “%(field)s” of the rule.", user=model.env.user.name, field=path))
        return model

    @api.model
    def _get_model_name(self, model):
        return self.env['ir.model']._get(model._name).name

    @contextmanager
    def _time_limit(self, seconds):
        """Statements within end with ``QueryCanceled`` after some seconds; the transaction goes on."""
        cr = self.env.cr
        (before,), = self.env.execute_query(SQL("SELECT current_setting('statement_timeout')"))
        with cr.savepoint(flush=True):
            cr.execute(SQL("SELECT set_config('statement_timeout', %s, TRUE)", str(seconds * 1000)))
            yield
            cr.execute(SQL("SELECT set_config('statement_timeout', %s, TRUE)", before))

    # ------------------------------------------------------------------
    # Evaluation
    # ------------------------------------------------------------------

    def _get_rule_companies(self, user):
        """The companies whose applications the rule looks at: the pool's, else all of the user's."""
        return (self.company_id or user.company_ids) & user.company_ids

    def _get_rule_applicants(self, user):
        """The model of applications as the user sees it, archived ones included."""
        companies = self._get_rule_companies(user)
        # a rule that came with a module is set by the superuser, who is never active
        if not (user.active or user.id == SUPERUSER_ID) or not companies:
            raise ValidationError(self.env._(
                "%(user)s, who set the rule of the pool “%(pool)s”, has left or does not work in its company any "
                "more. Save the rule again.", user=user.name or self.env._("Somebody"), pool=self.name))
        applicants = self.env['hr.applicant'].with_user(user).sudo(False)
        return applicants.with_context(
            active_test=False, allowed_company_ids=companies.ids, lang=user.lang or self.env.lang, tz=user.tz)

    def _get_considered_domain(self, user):
        """Who may be let in by a rule at all: applications of people whom the company could want again."""
        reasons = self.env['hr.applicant.refuse.reason'].sudo()._search([('no_answer_owed', '=', True)])
        domain = (
            Domain('company_id', 'in', [*self._get_rule_companies(user).ids, False])
            & Domain('talent_pool_ids', '=', False)
            & Domain('refuse_reason_id', 'not in', reasons)
            & Domain('candidate_erased', '=', False)
            & Domain.custom(to_sql=self._get_not_hired_sql))
        return domain

    @api.model
    def _get_not_hired_sql(self, model, alias, query):
        """Nobody who works here, or was hired and is about to; who has left may come back."""
        return SQL(
            """(%(closed)s IS NULL OR %(employee)s IS NOT NULL)
            AND NOT EXISTS (SELECT FROM hr_employee employee WHERE employee.id = %(employee)s AND employee.active)
            AND NOT EXISTS (
                SELECT FROM hr_employee employee WHERE employee.work_contact_id = %(partner)s
                   AND employee.company_id = %(company)s AND employee.active)
            AND NOT EXISTS (
                SELECT FROM hr_applicant hired LEFT JOIN hr_employee employee ON employee.id = hired.employee_id
                 WHERE hired.partner_id = %(partner)s AND hired.company_id IS NOT DISTINCT FROM %(company)s
                   AND (hired.date_closed IS NOT NULL OR hired.employee_id IS NOT NULL)
                   AND (employee.active OR employee.id IS NULL))""",
            closed=SQL.identifier(alias, 'date_closed'), employee=SQL.identifier(alias, 'employee_id'),
            partner=SQL.identifier(alias, 'partner_id'),
            company=SQL.identifier(alias, 'company_id'))

    def _find_by_rule(self, user):
        """Ids of the applications that the rule finds, those of one person side by side.

        :param user: whose rights count
        :return: list of ``(id, partner id or None)``
        """
        applicants = self._get_rule_applicants(user)
        self.env.flush_all()
        query = applicants._search(self._parse_rule(user) & self._get_considered_domain(user))
        with self._time_limit(SECONDS_TO_RUN):
            return self.env.execute_query(SQL(
                "SELECT id, partner_id FROM hr_applicant WHERE id IN %s"
                " ORDER BY partner_id, partner_phone_sanitized, linkedin_profile, id", query.subselect()))

    def _matches_everybody(self, user):
        """Whether the rule is empty or lets in nine of ten people."""
        if self._parse_rule(user).is_true():
            return True
        applicants = self._get_rule_applicants(user)
        everybody = self._get_considered_domain(user)
        self.env.flush_all()
        with self._time_limit(SECONDS_TO_RUN):
            found, total = (self._count_persons(applicants._search(domain)) for domain in (
                self._parse_rule(user) & everybody, everybody))
        return bool(found) and found >= EVERYBODY * total

    def _count_persons(self, query):
        (count,), = self.env.execute_query(SQL(
            "SELECT COUNT(DISTINCT COALESCE(partner_id, -id)) FROM hr_applicant WHERE id IN %s", query.subselect()))
        return count

    def _is_rule_confirmed(self, user):
        return self.rule_confirmed_for == self._get_rule_text() or not self._matches_everybody(user)

    def _confirm_rule(self):
        self.sudo().rule_confirmed_for = self._get_rule_text()
