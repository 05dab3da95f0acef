"""A real SMTP server on loopback that keeps each mail as a file. Needs aiosmtpd (the environment has it).

As a program, for the demo:  python -m devtools.mail_server PORT FOLDER
"""

import fnmatch
import signal
import sys
import threading
import time
from email import message_from_bytes, policy
from pathlib import Path

from .network import free_port

REFUSED = "550 5.1.1 mailbox unavailable"
TEMPORARY = "451 4.3.0 try again later"


class MailServer:
    """Starts and stops on the same port; what it refuses can be changed while it runs.

    `refuse('*@bad.example')` answers 550 to such recipients, `delay('*')` answers 451.
    """

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.host = "127.0.0.1"
        self._answers = []
        self._controller = None
        self._number = 0
        self._lock = threading.Lock()

    def start(self):
        from aiosmtpd.controller import Controller

        self._controller = Controller(self, hostname=self.host, port=self.port, ready_timeout=30)
        self._controller.start()
        return self

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()

    def refuse(self, recipients="*"):
        self._answers.append((recipients, REFUSED))

    def delay(self, recipients="*"):
        self._answers.append((recipients, TEMPORARY))

    def accept_all(self):
        self._answers.clear()

    def files(self):
        return sorted(self.folder.glob("*.eml"))

    def mails(self, recipient=None):
        """The mails kept so far, oldest first, as `email.message.EmailMessage`."""
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.files()]
        return [mail for mail in mails if recipient is None or recipient in mail["X-RcptTo"]]

    def wait_for(self, count=1, recipient=None, timeout=30):
        """The mails, as soon as there are that many; whatever there is when time is up."""
        end = time.monotonic() + timeout
        while len(self.mails(recipient)) < count and time.monotonic() < end:
            time.sleep(0.1)
        return self.mails(recipient)

    def clear(self):
        for path in self.files():
            path.unlink()

    # aiosmtpd calls these two by their names.

    async def handle_RCPT(self, server, session, envelope, address, options):
        for pattern, answer in self._answers:
            if fnmatch.fnmatch(address.lower(), pattern.lower()):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        headers = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        with self._lock:
            self._number += 1
            name = f"{time.time_ns()}-{self._number}.eml"
        beside = self.folder / f"{name}.part"
        beside.write_bytes(headers.encode() + envelope.original_content)
        beside.rename(self.folder / name)
        return "250 OK kept"


def main():
    server = MailServer(sys.argv[2], int(sys.argv[1])).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.sigwait({signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
