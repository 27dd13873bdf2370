# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up site for pictures of the window: pages with titles, posters and clips, on loopback."""

import html
import json
import shutil
import subprocess

# name, title, whose it is, seconds; two colours of the poster
POSTS = [
    ('cliffs', 'Ten thousand birds on one cliff', 'North Shore Films', 1284, '#3b6ea5', '#f2d7a0'),
    ('lighthouse', 'A night in the lighthouse', 'Harbour Watch', 2710, '#1b2a49', '#f6c65b'),
    ('tide', 'How the tide turns', 'Sea School', 312, '#0f766e', '#c7f0e2'),
    ('dive', 'Diving at a hundred kilometres an hour', 'North Shore Films', 96, '#1c71d8', '#dbeafe'),
    ('kelp', 'Kelp forest, unedited', 'Slow Water', 5400, '#14532d', '#bef264'),
    ('ferry', 'The last ferry of the year, a very long crossing through weather that nobody had '
     'asked for', 'Harbour Watch', 731, '#475569', '#cbd5e1'),
    ('storm', 'Storm warning', 'Coastal Radio', 45, '#312e81', '#a5b4fc'),
    ('nets', 'Mending nets', 'Harbour Watch', 640, '#7c2d12', '#fed7aa'),
    ('fog', 'Fog horn concert', 'Coastal Radio', 1980, '#52525b', '#f4f4f5'),
    ('chicks', 'First flight of the chicks', 'North Shore Films', 204, '#be123c', '#fecdd3'),
    ('map', 'Drawing a map of the reef', 'Sea School', 1502, '#0369a1', '#fde68a'),
    ('dawn', 'Dawn chorus', 'Slow Water', 3605, '#c2410c', '#fef3c7'),
]
TITLES = {post[0]: post[1] for post in POSTS}


def draw(path, dark, light):
    """A sky, a sun and a sea: enough of a picture to tell one row from the other."""
    subprocess.run(['convert', '-size', '640x360', f'gradient:{dark}-{light}', '-fill', light,
                    '-draw', 'circle 450,150 450,95', '-fill', dark, '-draw',
                    'polygon 0,240 160,225 320,245 480,228 640,242 640,360 0,360', '-quality', '85',
                    path], check=True)


def write_page(path, title, creator, seconds, picture, clip):
    post = {'@context': 'https://schema.org', '@type': 'VideoObject', 'name': title,
            'thumbnailUrl': picture, 'duration': f'PT{seconds}S', 'contentUrl': clip,
            'encodingFormat': 'video/mp4', 'width': 1280, 'height': 720,
            'author': {'@type': 'Organization', 'name': creator}}
    path.write_text(f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
                    f'<title>{html.escape(title)}</title>'
                    f'<meta property="og:title" content="{html.escape(title)}">'
                    f'<meta property="og:image" content="{picture}">'
                    f'<meta property="og:video" content="{html.escape(clip)}">'
                    f'<script type="application/ld+json">{json.dumps(post)}</script>'
                    f'</head><body></body></html>')


def build(folder, demo, clips):
    """clips: address of the clip of a post, by name; without one it is the demo's own."""
    for number, (name, title, creator, seconds, dark, light) in enumerate(POSTS):
        draw(folder / f'{name}.jpg', dark, light)
        shutil.copy(demo / ('rings-720p.mp4' if number % 2 else 'rings-360p.mp4'),
                    folder / f'{name}.mp4')
        write_page(folder / f'{name}.html', title, creator, seconds, f'{name}.jpg',
                   clips.get(name, f'{name}.mp4'))
