"""Whether a database lost anything: a fingerprint of each table that stock Odoo has."""

from devtools import harness

# What Odoo itself writes at each start, log-in or installation; and who touched a row last
OWN_AFFAIRS = ("ir_", "orm_", "base_", "bus_", "rule_group_rel", "res_groups_report_rel") + (
    "res_users_log",
    "res_device",
    "mail_presence",
)
LAST_TOUCHED = ("write_date", "write_uid")


class Stock:
    """The tables and columns of a database without the addon."""

    def __init__(self, database):
        rows = harness.query(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " ORDER BY 1, 2",
            database,
        )
        self.columns = {}
        for table, column in (row.split("|") for row in rows):
            if not table.startswith(OWN_AFFAIRS) and column not in LAST_TOUCHED:
                self.columns.setdefault(table, []).append(column)

    def fingerprints(self, database, without=None):
        """`{table: (rows, hash)}` of the stock columns.

        :param dict without: condition of rows that are left out, by table
        """
        parts = [self._fingerprint(table, (without or {}).get(table)) for table in self.columns]
        rows = harness.query(" UNION ALL ".join(parts), database)
        return {table: (int(count), digest) for table, count, digest in (row.split("|") for row in rows)}

    def _fingerprint(self, table, without):
        columns = ", ".join(f'"{column}"' for column in self.columns[table])
        left = f"WHERE ({without}) IS NOT TRUE" if without else ""
        return (
            f"SELECT '{table}', COUNT(*), md5(string_agg(line, '' ORDER BY line))"
            f' FROM (SELECT md5(ROW({columns})::text) AS line FROM "{table}" {left}) lines'
        )


def differences(before, after):
    """The tables whose rows are not the same any more."""
    return {table: (before[table], after.get(table)) for table in before if before[table] != after.get(table)}
