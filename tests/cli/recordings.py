#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded answers of the sites against what must come out of them.

    recordings.py GANNET_CLI

The folder recordings in GANNET_SHARED has HAR files, and in expected/ what was read by hand from
each. A recording has the answer that counts, but seldom the address under which this build asks for
it, and never the exchange of a guest token. So a copy is made in a temporary folder: the program is
run, says which request was not recorded, and that request is given the recorded answer, until it
asks for nothing more that the recording could answer. Then what it prints is compared, field by
field.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent.parent / 'lint'))
from tap import Tap  # noqa: E402

SITES = ('telegram', 'twitter')
SECONDS = 60

# The part of an address by which a site asks for what was recorded.
ROUTES = {
    'telegram': re.compile(r'^GET https://t\.me/(s/)?\w+(/\d+)?$'),
    'twitter': re.compile(r'^GET https://x\.com/i/api/graphql/.*/TweetResultByRestId\?'),
}
GUEST = 'POST https://api.x.com/1.1/guest/activate.json'

# A landing page that is no channel: what comes of it is left open, but no media may.
MAY_FAIL = {'telegram/web/tme_bot': ('not-found', 'unsupported-url')}


def make_entry(line, status, body, headers=()):
    method, url = line.split(' ', 1)
    return {'request': {'method': method, 'url': url, 'headers': []},
            'response': {'status': status, 'headers': list(headers), 'redirectURL': '',
                         'content': {'size': len(body), 'mimeType': '', 'text': body}}}


def find_post(text, post_id):
    """The post that TweetDetail has among others, in the envelope of the question for one post."""
    thread = json.loads(text)['data']['threaded_conversation_with_injections_v2']
    for instruction in thread['instructions']:
        for entry in instruction.get('entries', ()):
            if entry['entryId'] == f'tweet-{post_id}':
                result = entry['content']['itemContent']['tweet_results']
                return json.dumps({'data': {'tweetResult': result}})
    return None


class Case:
    def __init__(self, shared, path):
        self.expected = json.loads(path.read_text())
        self.name = self.expected['case'].removesuffix('.har')
        self.site = self.expected['platform']
        self.url = self.expected['input_url'] or 'https://x.com/i/status/20'
        har = json.loads((shared / 'recordings' / self.expected['case']).read_text())
        self.answer = har['log']['entries'][0]['response']

    def why_not(self):
        """Why this recording is not compared, or None."""
        if self.expected['use'] == 'no':
            return self.expected['why']
        route = self.expected['request']['route']
        if self.expected['use'] == 'yes' or self.site == 'telegram' or self.reshaped():
            return None
        return f'{route} is not asked: {self.expected["why"]}'

    def reshaped(self):
        """A thread holds the post in the same shape as the question for one post does."""
        if 'TweetDetail' not in self.expected['request']['route']:
            return None
        return find_post(self.answer['content']['text'], self.url.rsplit('/', 1)[1])

    def answer_to(self, line):
        """The entry for a request that was not recorded, or None."""
        if line == GUEST:
            return make_entry(line, 200, '{"guest_token": "1000000000000000000"}')
        if self.name == 'telegram/web/tme_bot' and '/s/' in line:
            there = {'name': 'Location', 'value': self.url}
            return make_entry(line, 302, '', [there])
        if not ROUTES[self.site].match(line) or ('/s/' in line) != self.is_list():
            return None
        body = self.reshaped() or self.answer['content']['text']
        headers = [h for h in self.answer['headers'] if h['name'].lower() == 'content-type']
        return make_entry(line, self.answer['status'], body, headers)

    def is_list(self):
        return self.expected['op'] == 'list'

    def run(self, program, folder):
        """Runs the program until nothing that it misses could be given to it."""
        entries = []
        har = Path(folder) / 'adapted.har'
        verb = ['list', '--limit', str(self.expected.get('entries_total', 1))] \
            if self.is_list() else ['info']
        while True:
            har.write_text(json.dumps({'log': {'version': '1.2', 'entries': entries}}))
            done = subprocess.run([program, '--no-config', '--replay', har, *verb, '--json', self.url],
                                  capture_output=True, text=True, timeout=SECONDS, check=False)
            missed = re.findall(r'^not recorded: (.*)$', done.stderr, re.MULTILINE)
            given = {f'{e["request"]["method"]} {e["request"]["url"]}' for e in entries}
            more = [self.answer_to(line) for line in missed if line not in given]
            more = [entry for entry in more if entry]
            if not more:
                return [json.loads(line) for line in done.stdout.splitlines()]
            entries += more[:1]


class Comparison:
    def __init__(self):
        self.rows = []

    def add(self, field, expected, actual, ok):
        self.rows.append((field, expected, actual, ok))

    def equal(self, field, expected, actual):
        self.add(field, expected, actual, expected == actual)

    def among(self, field, expected, actual):
        choices = expected if isinstance(expected, list) else [expected]
        self.add(field, expected, actual, actual in choices)


def squeeze(text):
    return ' '.join((text or '').split())


def without_tag(url):
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != 'tag']
    return urlunsplit(parts._replace(query=urlencode(query)))


def get_media(result):
    """The media of a post: its items, or itself."""
    return result['items'] or ([result] if result['formats'] else [])


def compare_media(out, expected, result):
    media = get_media(result)
    formats = [f for medium in media for f in medium['formats']]
    for field in ('creator', 'published_at', 'view_count', 'like_count', 'comment_count',
                  'share_count', 'hashtags', 'mentions'):
        if field in expected:
            out.equal(field, expected[field], result[field])
    for field in ('creator_id', 'thumbnail_url'):
        if field in expected:
            out.among(field, expected[field], result[field])
    if 'platform_id' in expected:
        out.equal('platform_id', expected['platform_id'], result['platform_id'].split('/')[-1])
    if 'text' in expected:
        text, got = squeeze(expected['text']), squeeze(result['description'])
        out.add('text', text, got[:len(text)], got.startswith(text))
    if 'duration' in expected:
        got = media[0]['duration'] if media else None
        out.add('duration', expected['duration'], got, abs((got or 0) - expected['duration']) < 0.01)
    if 'items' in expected:
        out.equal('items', expected['items'], len(media))
    if 'item_types' in expected:
        out.equal('item_types', expected['item_types'], [m['content_type'] for m in media])
    if 'media_urls' in expected:
        out.equal('media_urls', sorted(map(without_tag, expected['media_urls'])),
                  sorted(without_tag(f['url']) for f in formats))
    if 'formats' in expected:
        out.equal('formats', expected['formats'], len(formats))
    if 'best' in expected:
        best = max(formats, key=lambda f: f['height'] or 0)
        out.equal('best', expected['best'], {key: best[key] for key in expected['best']})


def compare_list(out, expected, results):
    out.equal('entries_total', expected['entries_total'], len(results))
    by_id = {result['platform_id'].split('/')[-1]: result for result in results}
    for entry in expected['entries']:
        result = by_id.get(entry['platform_id'], {})
        for field, value in entry.items():
            if field != 'platform_id':
                out.equal(f'{entry["platform_id"]} {field}', value, result.get(field))


def compare(case, results):
    out = Comparison()
    error = results[-1]['error']['code'] if results and 'error' in results[-1] else None
    if error in MAY_FAIL.get(case.name, ()):
        out.add('error', f'any of {MAY_FAIL[case.name]}', error, True)
        return out
    out.equal('error', case.expected['error'], error)
    if error or case.expected['error']:
        return out
    if case.is_list():
        compare_list(out, case.expected, results)
    else:
        compare_media(out, case.expected['expect'], results[0])
    return out


def main(program, shared):
    folder = shared / 'recordings' / 'expected'
    if not folder.is_dir():
        print('1..0 # SKIP GANNET_SHARED has no recordings')
        return
    tap = Tap()
    fields = wrong = 0
    for path in sorted(p for site in SITES for p in (folder / site).rglob('*.json')):
        case = Case(shared, path)
        reason = case.why_not()
        if reason:
            print(f'# {case.expected["use"]:5} {case.name}: not compared: {reason}')
            continue
        with tempfile.TemporaryDirectory() as temporary:
            out = compare(case, case.run(program, temporary))
        bad = [row for row in out.rows if not row[3]]
        fields += len(out.rows)
        wrong += len(bad)
        print(f'# {case.expected["use"]:5} {case.name}: {len(out.rows)} fields compared, '
              f'{len(bad)} mismatches: {" ".join(row[0].replace(" ", "/") for row in out.rows)}')
        tap.check(not bad, case.name,
                  '\n'.join(f'{f}: expected {a!r}, is {b!r}' for f, a, b, _ in bad))
    print(f'# {tap.count} recordings, {fields} fields compared, {wrong} mismatches')
    tap.end()


if __name__ == '__main__':
    main(sys.argv[1], Path(os.environ.get('GANNET_SHARED', 'nowhere')))
