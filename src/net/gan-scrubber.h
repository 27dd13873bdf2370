/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes what a recording holds harmless, by lists of what may stay. Private to net. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What becomes of a value that may not stay. TYPED keeps its type, so that the reader of a replayed
 * answer finds what it expects; WORD is REDACTED, which matches any value of a replayed request. */
typedef enum
{
  GAN_SCRUB_TYPED,
  GAN_SCRUB_WORD,
} GanScrubMode;

typedef struct _GanScrubber GanScrubber;

GanScrubber *gan_scrubber_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gan_scrubber_free (GanScrubber *self);

void gan_scrubber_allow (GanScrubber *self,
                         const char *site,
                         const char *const *query_keys,
                         const char *const *json_fields);

char *gan_scrubber_dup_header (GanScrubber *self,
                               const char *site,
                               const char *name,
                               const char *value) G_GNUC_WARN_UNUSED_RESULT;
char *gan_scrubber_dup_url (GanScrubber *self,
                            const char *site,
                            const char *url) G_GNUC_WARN_UNUSED_RESULT;
char *gan_scrubber_dup_form (GanScrubber *self,
                             const char *site,
                             const char *form) G_GNUC_WARN_UNUSED_RESULT;
char *gan_scrubber_dup_text (GanScrubber *self,
                             const char *site,
                             const char *text) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *gan_scrubber_dup_json (GanScrubber *self,
                                 const char *site,
                                 JsonNode *node,
                                 GanScrubMode mode) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanScrubber, gan_scrubber_free)

G_END_DECLS
