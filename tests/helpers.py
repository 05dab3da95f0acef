"""What the black-box tests share: a company at work, and waiting for things to happen."""

import http.cookiejar
import itertools
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from lxml import html

from devtools import harness

PATIENCE = 120
TEMPLATE = "cr_blackbox_template"
ADDON = "candidate_relationship"
CRON = f"{ADDON}.ir_cron_feedback_warn"
MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"
RECRUITERS = ("rosa", "robert")

# English for everybody but who says otherwise: the template database was made in Chinese.
SET_UP = """
env['res.lang']._activate_lang('en_US')
env['res.users'].search([]).partner_id.lang = 'en_US'
env.company.partner_id.write({{'lang': 'en_US', 'email': 'office@company.example'}})
env.ref('base.user_admin').email = 'admin@company.example'
env['ir.mail_server'].create({{
    'name': "Test", 'smtp_host': '127.0.0.1', 'smtp_port': {port}, 'smtp_authentication': 'login'}})
users = env['res.users'].with_context(no_reset_password=True).create([{{
    'name': login.title(), 'login': login, 'password': login, 'email': f'{{login}}@company.example', 'lang': 'en_US',
    'notification_type': 'inbox', 'group_ids': [(4, env.ref('hr_recruitment.group_hr_recruitment_user').id)],
}} for login in {recruiters}])
env['hr.job'].create({{'name': "Engineer", 'user_id': users[0].id}})
env.cr.commit()
"""


def wait_until(condition, what, timeout=PATIENCE):
    """The first true value that `condition()` gives; fails with `what` when time is up."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {timeout} s in vain: {what}"
        time.sleep(0.1)


def at_once(*works, forgive=()):
    """Runs the functions at the same moment; their results, None for one that raised a forgiven error."""
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            return work()
        except forgive:
            return None

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def insist(work):
    """Two workers keep no queue for fifty: who is turned away comes again."""
    while True:
        try:
            return work()
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.2)


def set_up(database, port):
    """Recruiters, a job of theirs, and the mail server at that port."""
    harness.odoo_shell(database, SET_UP.format(port=port, recruiters=RECRUITERS))
    return database


def make_company(name, mail_server):
    """A database of that name with the addon, set up; what all of them have is made once for a run of tests."""
    harness.duplicate(_template(), name)
    harness.query(f"UPDATE ir_mail_server SET smtp_port = {mail_server.port}", name)
    return name


@cache
def _template():
    return set_up(harness.duplicate(harness.with_addon(), TEMPLATE), port=0)


class Office:
    """A company that runs Odoo: calls as its people make them from the web client."""

    _numbers = itertools.count(1)

    def __init__(self, database, server, mail_server):
        self.database, self.server, self.mail_server = database, server, mail_server
        self.admin = server.login("admin")
        self.rosa, self.robert = map(server.login, RECRUITERS)
        self.job_id = self.search("hr.job", [("name", "=", "Engineer")])[0]

    # -- Records -------------------------------------------------------------------------

    def search(self, model, domain, **keywords):
        return self.admin.call(model, "search", domain, **keywords)

    def read(self, model, record_id, *fields):
        """The value of the field, or the values of the fields."""
        (values,) = self.admin.call(model, "read", [record_id], list(fields))
        return values[fields[0]] if len(fields) == 1 else values

    def ref(self, xml_id):
        module, name = xml_id.split(".")
        (found,) = self.admin.call(
            "ir.model.data", "search_read", [("module", "=", module), ("name", "=", name)], ["res_id"]
        )
        return found["res_id"]

    def run_job(self, xml_id, client=None):
        """As *Run manually* on a scheduled action does."""
        (client or self.admin).call("ir.cron", "method_direct_trigger", [self.ref(xml_id)])

    # -- Applicants and their promises ---------------------------------------------------

    def apply(self, name="candidate", **values):
        """An application that comes in, from an address of its own."""
        email = f"{name}.{next(self._numbers)}@mail.example"
        values = {"partner_name": name.title(), "email_from": email, "job_id": self.job_id, **values}
        applicant_id = self.rosa.call("hr.applicant", "create", [values])[0]
        read = self.read("hr.applicant", applicant_id, "partner_id", "email_from")
        return Applicant(self, applicant_id, read["partner_id"] and read["partner_id"][0], read["email_from"])

    def move(self, applicant, stage):
        self.rosa.call("hr.applicant", "write", [applicant.id], {"stage_id": self.ref(f"hr_recruitment.{stage}")})

    def write_to(self, applicant, body="Dear candidate, here is our answer.", client=None, also=()):
        """The chatter's *Send message*; the id of the message."""
        return (client or self.rosa).call(
            "hr.applicant",
            "message_post",
            [applicant.id],
            body=body,
            partner_ids=[applicant.partner_id, *also],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )[0]

    def notification(self, message_id, partner_id):
        """How the sending of a message to somebody went: sent, exception, ready, …"""
        domain = [("mail_message_id", "=", message_id), ("res_partner_id", "=", partner_id)]
        (found,) = self.admin.call("mail.notification", "search_read", domain, ["notification_status"])
        return found["notification_status"]

    def retry_failed_mails(self):
        failed = self.search("mail.mail", [("state", "=", "exception")])
        self.admin.call("mail.mail", "action_retry", failed)
        self.run_job(MAIL_QUEUE)


class Applicant:
    """One application of the office."""

    def __init__(self, office, applicant_id, partner_id, email):
        self.office, self.id, self.partner_id, self.email = office, applicant_id, partner_id, email

    def promises(self, trigger=None):
        """The ledger's rows, oldest first."""
        domain = [("applicant_id", "=", self.id), *([("trigger", "=", trigger)] if trigger else [])]
        return self.office.admin.call("hr.feedback.promise", "search_read", domain, [], order="id")

    def promise(self, trigger="application"):
        (promise,) = self.promises(trigger)
        return promise

    def state(self, trigger="application"):
        return self.promise(trigger)["state"]

    def mails(self, count=1):
        """What the mail server accepted for this candidate."""
        mails = self.office.mail_server.wait_for(count, self.email)
        assert len(mails) >= count, f"{self.email} got {len(mails)} mails"
        return mails

    def has_mail(self):
        return bool(self.office.mail_server.mails(self.email))


def addressees(mail_server, batch):
    """How many mails the server has accepted, by address that begins with the batch."""
    got = Counter()
    for path in mail_server.files():
        for line in path.read_bytes().splitlines():
            if line.startswith(b"X-RcptTo: "):
                got[line[10:].decode()] += 1
                break
    return {address: count for address, count in got.items() if address.startswith(batch)}


def text_of(mail):
    """A mail's words as its reader sees them, HTML and plain part together."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join(parts)


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()
        self.tree = html.fromstring(self.text) if self.text else None

    @property
    def title(self):
        return self.tree.findtext(".//title")

    def fields(self, **changes):
        """What the form would send without a button: hidden, ticked and typed."""
        fields = {"topic": []}
        for box in self.tree.xpath("//form//input"):
            if box.get("type") == "hidden" or "checked" in box.attrib:
                if box.get("name") == "topic":
                    fields["topic"].append(box.get("value"))
                else:
                    fields[box.get("name")] = box.get("value")
        return fields | changes

    def topics(self):
        return [box.get("value") for box in self.tree.xpath("//form//input[@name='topic']")]


class Visitor:
    """A browser without scripts: cookies, forms and links."""

    def __init__(self, server, link):
        self.url = server.url + urllib.parse.urlsplit(link).path
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), NoErrors()
        )
        self.opener.addheaders = [("Accept-Language", "en-US,en")]

    def open(self, data=None, method=None, query="", headers=None):
        if isinstance(data, dict):
            data = urllib.parse.urlencode(data, doseq=True).encode()
        request = urllib.request.Request(self.url + query, data, headers or {}, method=method)
        with self.opener.open(request, timeout=300) as response:
            return Answer(response)

    def agree(self, page=None, **changes):
        page = page or self.open()
        values = {"keep": "1", "topic": page.topics()[:2], "frequency": "90", "answer": "yes"}
        return self.open(page.fields(**values | changes))

    def say_no(self):
        return self.open(self.open().fields(answer="no"))


class NoErrors(urllib.request.HTTPErrorProcessor):
    """A status of 404 is an answer too."""

    def http_response(self, request, response):
        return response
