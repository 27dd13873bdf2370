/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links out of what is pasted, dropped or given on a command line. All of it is foreign: bounded,
 * without repetitions, and only what http or https can fetch. Knows nothing of GTK. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GAN_LINKS_TEXT,     /* anything a person may have copied */
  GAN_LINKS_URI_LIST, /* text/uri-list: one a line, comments begin with # */
  GAN_LINKS_MOZ_URL,  /* text/x-moz-url: UTF-16LE, lines of link and title in turns */
  GAN_LINKS_NETSCAPE, /* _NETSCAPE_URL: link, then title */
} GanLinksFormat;

typedef struct _GanLinks GanLinks;

GanLinks *gan_links_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gan_links_free (GanLinks *self);

void gan_links_add (GanLinks *self, const char *link);
void gan_links_add_data (GanLinks *self, const char *data, gsize length, GanLinksFormat format);

const char *const *gan_links_get (GanLinks *self);
guint gan_links_get_n (GanLinks *self);
guint gan_links_get_n_refused (GanLinks *self);
guint gan_links_get_n_repeated (GanLinks *self);
gboolean gan_links_is_truncated (GanLinks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanLinks, gan_links_free)

G_END_DECLS
