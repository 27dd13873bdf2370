/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sites made by a test. Their rules are compiled in (tests/lib/rules): "mock" claims mock.example
 * with posts, users and short links, "other" claims other.example, "twin" claims mock.example too,
 * "generic" claims nothing, and of "ruleless" there are no rules. */
#pragma once

#include "gan-platform.h"

G_BEGIN_DECLS

/* What a site does; calls come from any thread. What is NULL does as GanPlatform does, but match
 * and get_info: these succeed. */
typedef struct
{
  GanMatch *(*match) (GanRules *rules, GanUrl *url);
  GanMedia *(*get_info) (GanVisit *visit, GanMatch *match, GError **error);
  GanPage *(
      *list) (GanVisit *visit, GanMatch *match, const char *cursor, guint limit, GError **error);
  GanPage *(*search) (GanVisit *visit, const char *query, GanMatch *in, GError **error);
} GanTestPlatformFuncs;

#define GAN_TYPE_TEST_PLATFORM (gan_test_platform_get_type ())
G_DECLARE_FINAL_TYPE (GanTestPlatform, gan_test_platform, GAN, TEST_PLATFORM, GanPlatform)

extern const GanPlatformEntry gan_test_platform_table[];
extern const gsize gan_test_platform_table_size;

void gan_test_platform_set (const char *id, const GanTestPlatformFuncs *funcs);
guint gan_test_platform_count (const char *id);
void gan_test_platform_reset (void);
GanMedia *gan_test_platform_new_media (GanMatch *match);

G_END_DECLS
