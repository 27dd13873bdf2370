/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-platform.h"

#include "gan-test-rules.h"

struct _GanTestPlatform
{
  GanPlatform parent_instance;
};

G_DEFINE_FINAL_TYPE (GanTestPlatform, gan_test_platform, GAN_TYPE_PLATFORM)

/* A site has no state, so what the test wants of it stands here. */
static struct
{
  GMutex mutex;
  GHashTable *funcs;  /* id -> GanTestPlatformFuncs of the test */
  GHashTable *counts; /* id -> calls of get_info */
} sites;

const GanPlatformEntry gan_test_platform_table[] = {
  { "mock", gan_test_platform_get_type },
  { "other", gan_test_platform_get_type },
  { "generic", gan_test_platform_get_type },
};

const gsize gan_test_platform_table_size = G_N_ELEMENTS (gan_test_platform_table);

/* With the mutex held. */
static void
ensure_tables (void)
{
  if (sites.funcs != NULL)
    return;
  sites.funcs = g_hash_table_new (g_str_hash, g_str_equal);
  sites.counts = g_hash_table_new (g_str_hash, g_str_equal);
}

static GanTestPlatformFuncs
get_funcs (GanRules *rules)
{
  const GanTestPlatformFuncs *funcs;
  GanTestPlatformFuncs copy = { 0 };

  g_mutex_lock (&sites.mutex);
  ensure_tables ();
  funcs = g_hash_table_lookup (sites.funcs, gan_rules_get_id (rules));
  if (funcs != NULL)
    copy = *funcs;
  g_mutex_unlock (&sites.mutex);
  return copy;
}

static GanMatch *
platform_match (GanPlatform *self, GanRules *rules, GanUrl *url)
{
  GanTestPlatformFuncs funcs = get_funcs (rules);

  return funcs.match != NULL ? funcs.match (rules, url) : gan_rules_match (rules, url);
}

static void
count (const char *id)
{
  g_mutex_lock (&sites.mutex);
  g_hash_table_insert (
      sites.counts,
      (gpointer) g_intern_string (id),
      GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (sites.counts, id)) + 1));
  g_mutex_unlock (&sites.mutex);
}

static GanMedia *
platform_get_info (GanPlatform *self, GanVisit *visit, GanMatch *match, GError **error)
{
  GanTestPlatformFuncs funcs = get_funcs (gan_visit_get_rules (visit));

  count (gan_rules_get_id (gan_visit_get_rules (visit)));
  return funcs.get_info != NULL ? funcs.get_info (visit, match, error)
                                : gan_test_platform_new_media (match);
}

static GanPage *
platform_list (GanPlatform *self,
               GanVisit *visit,
               GanMatch *match,
               const char *cursor,
               guint limit,
               GError **error)
{
  GanTestPlatformFuncs funcs = get_funcs (gan_visit_get_rules (visit));
  GanPlatformClass *parent_class = GAN_PLATFORM_CLASS (gan_test_platform_parent_class);

  return funcs.list != NULL ? funcs.list (visit, match, cursor, limit, error)
                            : parent_class->list (self, visit, match, cursor, limit, error);
}

static GanPage *
platform_search (GanPlatform *self,
                 GanVisit *visit,
                 const char *query,
                 const char *cursor,
                 guint limit,
                 GanMatch *in,
                 GError **error)
{
  GanTestPlatformFuncs funcs = get_funcs (gan_visit_get_rules (visit));
  GanPlatformClass *parent_class = GAN_PLATFORM_CLASS (gan_test_platform_parent_class);

  return funcs.search != NULL ? funcs.search (visit, query, in, error)
                              : parent_class->search (self, visit, query, cursor, limit, in, error);
}

static void
gan_test_platform_class_init (GanTestPlatformClass *klass)
{
  GanPlatformClass *platform_class = GAN_PLATFORM_CLASS (klass);

  platform_class->match = platform_match;
  platform_class->get_info = platform_get_info;
  platform_class->list = platform_list;
  platform_class->search = platform_search;
  g_resources_register (gan_test_rules_get_resource ());
}

static void
gan_test_platform_init (GanTestPlatform *self)
{
}

/**
 * gan_test_platform_set:
 * @id: id of a site of a test
 * @funcs: what it does; not copied
 */
void
gan_test_platform_set (const char *id, const GanTestPlatformFuncs *funcs)
{
  g_mutex_lock (&sites.mutex);
  ensure_tables ();
  g_hash_table_insert (sites.funcs, (gpointer) g_intern_string (id), (gpointer) funcs);
  g_mutex_unlock (&sites.mutex);
}

/**
 * gan_test_platform_count:
 * @id: id of a site of a test
 *
 * Returns: how often it was asked about a link since gan_test_platform_reset()
 */
guint
gan_test_platform_count (const char *id)
{
  guint n;

  g_mutex_lock (&sites.mutex);
  ensure_tables ();
  n = GPOINTER_TO_UINT (g_hash_table_lookup (sites.counts, id));
  g_mutex_unlock (&sites.mutex);
  return n;
}

/**
 * gan_test_platform_reset:
 *
 * Forgets what sites do and how often they were asked. First thing of a test.
 */
void
gan_test_platform_reset (void)
{
  g_type_class_unref (g_type_class_ref (GAN_TYPE_TEST_PLATFORM));
  g_mutex_lock (&sites.mutex);
  ensure_tables ();
  g_hash_table_remove_all (sites.funcs);
  g_hash_table_remove_all (sites.counts);
  g_mutex_unlock (&sites.mutex);
}

/**
 * gan_test_platform_new_media:
 * @match: what was asked for
 *
 * Returns: (transfer full): a medium with a title and two formats, "low" of 360 lines and "high" of
 *   720 lines and 1,000,000 bytes
 */
GanMedia *
gan_test_platform_new_media (GanMatch *match)
{
  GanMedia *media = gan_media_new ();
  g_autoptr (GanFormat) low = gan_format_new ("low", "https://media.example/low.mp4");
  g_autoptr (GanFormat) high = gan_format_new ("high", "https://media.example/high.mp4");

  gan_media_set_title (media, gan_match_get_id (match));
  gan_media_set_duration (media, 60);
  gan_format_set_size (low, 640, 360);
  gan_format_set_ext (low, "mp4");
  gan_format_set_size (high, 1280, 720);
  gan_format_set_ext (high, "mp4");
  gan_format_set_filesize (high, 1000000);
  gan_media_append_formats (media, low);
  gan_media_append_formats (media, high);
  return media;
}
