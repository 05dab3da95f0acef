"""That somebody has answered, so that a link works once: to be told by the server, not by its database."""

import hmac
import os
import secrets
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import SQL, config

KEY_BYTES = 32


class HrExperienceBallot(models.Model):
    """What is left of a link that was used.

    A ballot is the HMAC of the token with a key that is in no database: neither a dump nor a dump
    together with all mails tells who has answered.
    """
    _name = 'hr.experience.ballot'
    _description = "Used Link of an Experience Survey"
    _inherit = ['hr.experience.sealed']
    _log_access = False
    _order = 'ballot'

    ballot = fields.Char(required=True)

    _ballot_unique = models.UniqueIndex("(ballot)")

    # ------------------------------------------------------------------
    # Key
    # ------------------------------------------------------------------

    @api.model
    def _get_key_path(self):
        return Path(config['data_dir']) / 'candidate_relationship' / f'{self.env.cr.dbname}.key'

    @api.model
    def _get_key(self):
        """The key of this database. It is made when it is first asked for."""
        path = self._get_key_path()
        try:
            return self._read_key(path)
        except FileNotFoundError:
            self._make_key(path)
            return self._read_key(path)

    @staticmethod
    def _read_key(path):
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            # a key that anybody can guess would be worse than none
            raise ValueError(f"{path} is no key of {KEY_BYTES} bytes.")
        return key

    @staticmethod
    def _make_key(path):
        """Complete, or not at all: the first of several processes wins, and nobody reads half a key."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f'.{secrets.token_hex(8)}')
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()

    # ------------------------------------------------------------------
    # Ballots
    # ------------------------------------------------------------------

    @api.model
    def _get_ballot(self, token):
        return hmac.new(self._get_key(), token.encode(), sha256).hexdigest()

    @api.model
    def _is_used(self, token):
        return bool(self._find([self._get_ballot(token)]))

    @api.model
    def _use(self, token):
        """:return: False if somebody has used it already"""
        return bool(self.env.execute_query(SQL(
            "INSERT INTO hr_experience_ballot (ballot) VALUES (%s) ON CONFLICT DO NOTHING RETURNING id",
            self._get_ballot(token))))

    @api.model
    def _find(self, ballots):
        rows = self.env.execute_query(SQL(
            "SELECT ballot FROM hr_experience_ballot WHERE ballot IN %s", tuple(ballots) or ('',)))
        return {ballot for (ballot,) in rows}

    @api.model
    @contextmanager
    def _answer_alone(self):
        """:return: an environment that commits at once, in which answers are stored one after the other"""
        with self.env['hr.nurture.contact']._short_transaction() as cr:
            cr.execute("LOCK TABLE hr_experience_ballot IN EXCLUSIVE MODE")
            # whoever is thanked has answered, even if the machine stops now
            cr.execute("SET LOCAL synchronous_commit = on")
            yield self.env(cr=cr, su=True)
