/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case of a site: what is asked, a HAR that answers, and what must come out.
 *
 * platforms/<id>/tests/NAME.har stands beside NAME.expected.json:
 *   {"url", "verb": "info" | "list" | "search" | "get-plan",
 *    "query", "in",             for search: what for, and where in the site
 *    "cursor", "limit",         for list and search
 *    "item", "quality", "format_id",  for get-plan: which item (from 0), which format
 *    "now": "2026-11-21T00:00:00Z",   what the clock says
 *    "expect": …,               what must be in the result; what is not named may be anything
 *    "requests": ["GET https://…"]}   what must have been asked, in order
 *
 * The result of info is the medium of contracts.md §1; of list and search {"media": [...],
 * "next_cursor"}; of get-plan {"title", "id", "ext", "published", "plain_file", "tracks": [{"url",
 * "format_id", "protocol", "size", "headers"}]}; of a failure {"error": {...}}. Where null is
 * expected, null must be; a list must have as many elements as expected. */
#pragma once

#include "gan-platform-sdk.h"

G_BEGIN_DECLS

typedef struct
{
  JsonNode *result;
  GStrv requests; /* in order */
  GStrv missed;   /* not in the HAR */
  guint n_unused; /* entries that nobody asked for */
  GError *error;  /* as in result, or NULL */
} GanTestOutcome;

GanTestOutcome *
gan_test_site_run (const GanPlatformEntry *table, gsize n_entries, GBytes *har, JsonNode *question);
void gan_test_outcome_free (GanTestOutcome *outcome);
char *gan_test_site_dup_difference (JsonNode *expected, JsonNode *actual);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTestOutcome, gan_test_outcome_free)

G_END_DECLS
