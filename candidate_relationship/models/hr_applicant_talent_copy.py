"""Thousands of talents made from applications in a few statements, each the copy that stock Odoo would make."""

from odoo import api, fields, models
from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

# What create() would compute from what is copied with it: the same value again.
DERIVED_COLUMNS = {
    'email_normalized', 'phone_sanitized', 'partner_phone_sanitized', 'skill_ids', 'delay_close', 'stage_id',
    'date_closed', 'email_from', 'partner_phone', 'company_id', 'user_id', 'department_id'}


class HrApplicant(models.Model):
    """Stock Odoo copies applicants one by one, 28 ms each (nine minutes for 20,000): messages, followers,
    trackings, and a contact that is looked up again by e-mail. Here a batch is copied by one INSERT ... SELECT
    for the rows and one for each of their lists (tags, skills): 20,000 people in some ten seconds.

    What is copied is read from the fields, as in ``copy_data()``: columns of other modules too. What other
    modules compute and store on an applicant is computed by the ORM afterwards. A talent differs from
    stock Odoo's in that the person (``partner_id``) is kept where there is no e-mail to find them by, and in that
    the copy of a refused or archived application is neither.
    """
    _inherit = 'hr.applicant'

    def _copy_as_talents(self, partner_ids):
        """Copy these applications; the copies are in no pool yet, which is up to the caller.

        :param list partner_ids: the person of each application, ``None`` if there is no contact
        :return: ids of the copies, in the order of these applications
        """
        if not self:
            return []
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT nextval(pg_get_serial_sequence('hr_applicant', 'id')) FROM generate_series(1, %s)", len(self)))
        talent_ids = [row[0] for row in rows]
        pairs = SQL(
            "unnest(%s::int[], %s::int[], %s::int[]) AS pair(old_id, new_id, partner_id)",
            list(self._ids), talent_ids, partner_ids)
        self._insert_copies(self, 'id', pairs, self._get_talent_values())
        for name, fld in self._fields.items():
            if name != 'talent_pool_ids' and fld.store and (fld.copy or name in DERIVED_COLUMNS):
                self._copy_list(fld, pairs)
        self.env['hr.applicant'].invalidate_model()
        self.browse(talent_ids)._compute_columns_of_other_modules()
        return talent_ids

    @api.model
    def _get_talent_values(self):
        """Columns that a talent does not copy from the application."""
        now = fields.Datetime.now()
        return {
            'id': SQL("pair.new_id"),
            'pool_applicant_id': SQL("pair.new_id"),
            'partner_id': SQL("COALESCE(source.partner_id, pair.partner_id)"),
            'active': SQL("TRUE"),
            'refuse_reason_id': SQL("NULL"),
            'refuse_date': SQL("NULL"),
            'job_id': SQL("NULL"),
            'stage_id': SQL("NULL"),
            'date_closed': SQL("NULL"),
            # their definition is that of the job
            'applicant_properties': SQL("NULL"),
            # as create() does
            'date_open': SQL("CASE WHEN source.user_id IS NULL THEN source.date_open ELSE %s END", now),
            'delay_close': SQL("0"),
        }

    @api.model
    def _insert_copies(self, model, join, pairs, values):
        """One INSERT ... SELECT from the rows of the model whose ``join`` is the old id."""
        columns = {name: value for name, value in values.items() if name in model._fields}
        columns.update(create_uid=SQL("%s", self.env.uid), write_uid=SQL("%s", self.env.uid))
        columns.update(create_date=SQL("%s", self.env.cr.now()), write_date=SQL("%s", self.env.cr.now()))
        for name, fld in model._fields.items():
            if name not in columns and name not in MAGIC_COLUMNS and fld.store and fld.column_type:
                copied = fld.copy or (fld.compute and fld.store)
                columns[name] = SQL.identifier('source', name) if copied else self._get_default_sql(model, fld)
        self.env.cr.execute(SQL(
            "INSERT INTO %(table)s (%(names)s) SELECT %(values)s FROM %(pairs)s"
            " JOIN %(table)s source ON source.%(join)s = pair.old_id ORDER BY pair.new_id, source.id",
            table=SQL.identifier(model._table), names=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(columns.values()), pairs=pairs, join=SQL.identifier(join)))

    @api.model
    def _get_default_sql(self, model, fld):
        value = model.default_get([fld.name]).get(fld.name)
        return SQL("%s", fld.convert_to_column_insert(fld.convert_to_cache(value, model, validate=False), model))

    @api.model
    def _copy_list(self, fld, pairs):
        if fld.type == 'many2many':
            self.env.cr.execute(SQL(
                "INSERT INTO %(table)s (%(own)s, %(other)s) SELECT pair.new_id, source.%(other)s FROM %(pairs)s"
                " JOIN %(table)s source ON source.%(own)s = pair.old_id",
                table=SQL.identifier(fld.relation), own=SQL.identifier(fld.column1),
                other=SQL.identifier(fld.column2), pairs=pairs))
        elif fld.type == 'one2many':
            model = self.env[fld.comodel_name]
            self._insert_copies(model, fld.inverse_name, pairs, {fld.inverse_name: SQL("pair.new_id")})
            model.invalidate_model()

    def _compute_columns_of_other_modules(self):
        for fld in self._fields.values():
            if fld.store and fld.compute and not fld.copy and fld.name not in DERIVED_COLUMNS:
                self.env.add_to_compute(fld, self)
