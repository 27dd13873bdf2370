#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-fixtures.py finds what does not belong into a fixture."""

import contextlib
import importlib
import io
import json
import tempfile
from pathlib import Path

from tap import Tap

check_fixtures = importlib.import_module('check-fixtures')


def har(request_header=('Accept', '*/*'), body='{}', **response):
    name, value = request_header
    return json.dumps({'log': {'entries': [{
        'request': {'url': 'https://example.org/', 'headers': [{'name': name, 'value': value}]},
        'response': {'content': {'text': body}, **response}}]}})


def main():
    tap = Tap()

    def expect(name, text, content):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'platforms/site/tests/case.har'
            path.parent.mkdir(parents=True)
            path.write_text(content)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                status = check_fixtures.main(Path(folder))
        tap.check(status == (1 if text else 0) and text in output.getvalue(), name,
                  output.getvalue())

    expect('a good one', '', har(('Cookie', 'REDACTED'), 'a@example.org 127.0.0.1 1.2.3 eyJ'))
    expect('no JSON', 'not what its name says', '{')
    expect('no HAR', 'not what its name says', '[1]')
    expect('a large file', 'more than 200000', har(body='x' * 200000))
    expect('a large body', 'a body of more', har(body='x' * 64001))
    expect('a cookie', 'header Cookie', har(('Cookie', 'a=b')))
    expect('an authorization', 'header authorization', har(('authorization', 'Bearer x')))
    expect('a cookie jar', 'cookies of the response', har(cookies=[{'name': 'a'}]))
    expect('an e-mail address', 'an e-mail address', har(body='someone@mail.invalid.com'))
    expect('an IP address', 'an IP address', har(body='"8.8.4.4"'))
    expect('a token', 'a JSON web token', har(body='eyJ' + 'a' * 30 + '.' + 'b' * 30))
    expect('a signed URL', 'a signed URL', har(body='https://example.org/?sig=' + 'a1' * 10))
    tap.end()


if __name__ == '__main__':
    main()
