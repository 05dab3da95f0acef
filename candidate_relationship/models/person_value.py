"""What a table holds of each person, for SQL: of one as a subselect, or of all as a table to join."""

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class PersonValue:
    """One definition for both, as each is slow where the other one is fast.

    :param SQL value: an aggregate over the rows of a person
    :param SQL source: from ``FROM`` to ``WHERE``
    :param SQL partner: column of the source that holds the person
    """
    value: SQL
    source: SQL
    partner: SQL

    def of(self, partner):
        """The value of one person; of few people at a time.

        :param partner: ``SQL`` of an id
        """
        return SQL("(SELECT %s %s AND %s = %s)", self.value, self.source, self.partner, partner)

    def join(self, alias, partner):
        """A table with the column ``value``, that all people are joined with; empty for whoever has no rows.

        :param str alias: of the table
        :param partner: ``SQL`` of an id
        """
        name = SQL.identifier(alias)
        return SQL(
            "LEFT JOIN (SELECT %s AS partner_id, %s AS value %s GROUP BY %s) %s ON %s.partner_id = %s",
            self.partner, self.value, self.source, self.partner, name, name, partner)
