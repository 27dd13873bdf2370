/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names that nothing a server says can turn against the user: one component, no control, bidi
 * or reserved characters, at most 255 bytes with the extension kept, never hidden, never an option
 * (reliability.md H01–H07, D09). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *gan_file_name_make_safe (const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *gan_file_name_for_media (const char *title,
                               const char *id,
                               const char *ext) G_GNUC_WARN_UNUSED_RESULT;
char *gan_file_name_for_plain_file (const char *content_disposition,
                                    const char *url_basename,
                                    const char *content_type) G_GNUC_WARN_UNUSED_RESULT;
char *gan_file_name_add_suffix (const char *name, const char *suffix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
