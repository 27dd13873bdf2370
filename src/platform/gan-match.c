/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-match.h"

struct _GanMatch
{
  char *platform;
  GanKind kind;
  char *id;
  char *canonical;
  char *form;
  GHashTable *captures; /* name -> value; NULL while there is none */
  GanUrl *url;
};

G_DEFINE_BOXED_TYPE (GanMatch, gan_match, gan_match_ref, gan_match_unref)

static const char *const kind_names[] = {
  [GAN_KIND_VIDEO] = "video",       [GAN_KIND_AUDIO] = "audio",
  [GAN_KIND_IMAGE] = "image",       [GAN_KIND_POST] = "post",
  [GAN_KIND_PLAYLIST] = "playlist", [GAN_KIND_CHANNEL] = "channel",
  [GAN_KIND_USER] = "user",         [GAN_KIND_TAG] = "tag",
  [GAN_KIND_LIVE] = "live",         [GAN_KIND_SHORT_LINK] = "short-link",
};

static void
gan_match_clear (gpointer data)
{
  GanMatch *self = data;

  g_free (self->platform);
  g_free (self->id);
  g_free (self->canonical);
  g_free (self->form);
  g_clear_pointer (&self->captures, g_hash_table_unref);
  g_clear_pointer (&self->url, gan_url_unref);
}

/**
 * gan_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): its name in JSON, such as "video" or "short-link"
 */
const char *
gan_kind_to_string (GanKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

/**
 * gan_kind_from_string:
 * @name: (nullable): a name as gan_kind_to_string() gives it
 * @kind: (out): where the kind goes
 *
 * Returns: whether @name is the name of a kind; @kind is left alone when it is not
 */
gboolean
gan_kind_from_string (const char *name, GanKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    {
      if (g_strcmp0 (name, kind_names[i]) == 0)
        {
          *kind = i;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * gan_match_new:
 * @platform: id of the site
 * @kind: what the link leads to
 * @id: (nullable): what the URL itself calls it
 * @url: the URL that was recognised
 *
 * Returns: (transfer full): a match; the setters may be called until it is handed out
 */
GanMatch *
gan_match_new (const char *platform, GanKind kind, const char *id, GanUrl *url)
{
  GanMatch *self;

  g_return_val_if_fail (platform != NULL, NULL);
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_atomic_rc_box_new0 (GanMatch);
  self->platform = g_strdup (platform);
  self->kind = kind;
  self->id = g_strdup (id);
  self->url = gan_url_ref (url);
  return self;
}

/**
 * gan_match_ref:
 * @self: a match
 *
 * Returns: (transfer full): @self with one reference more
 */
GanMatch *
gan_match_ref (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * gan_match_unref:
 * @self: (transfer full): a match
 *
 * Gives one reference back; the last one frees it.
 */
void
gan_match_unref (GanMatch *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, gan_match_clear);
}

/**
 * gan_match_set_canonical:
 * @self: a match that was not handed out yet
 * @canonical: (nullable): the one URL that stands for all forms of this link
 */
void
gan_match_set_canonical (GanMatch *self, const char *canonical)
{
  g_return_if_fail (self != NULL);

  g_free (self->canonical);
  self->canonical = g_strdup (canonical);
}

/**
 * gan_match_set_form:
 * @self: a match that was not handed out yet
 * @form: (nullable): name of the link form in the site's rules, for its handler
 */
void
gan_match_set_form (GanMatch *self, const char *form)
{
  g_return_if_fail (self != NULL);

  g_free (self->form);
  self->form = g_strdup (form);
}

/**
 * gan_match_set_capture:
 * @self: a match that was not handed out yet
 * @name: name of the capture
 * @value: what the URL has in its place, percent-decoded
 */
void
gan_match_set_capture (GanMatch *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  if (self->captures == NULL)
    self->captures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (self->captures, g_strdup (name), g_strdup (value));
}

/**
 * gan_match_get_platform:
 * @self: a match
 *
 * Returns: (transfer none): id of the site
 */
const char *
gan_match_get_platform (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->platform;
}

/**
 * gan_match_get_kind:
 * @self: a match
 *
 * Returns: what the link leads to, as far as its text tells
 */
GanKind
gan_match_get_kind (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, GAN_KIND_POST);

  return self->kind;
}

/**
 * gan_match_get_id:
 * @self: a match
 *
 * Returns: (transfer none) (nullable): what the URL itself calls the thing
 */
const char *
gan_match_get_id (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * gan_match_get_canonical:
 * @self: a match
 *
 * Returns: (transfer none) (nullable): the one URL that stands for all forms of this link
 */
const char *
gan_match_get_canonical (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->canonical;
}

/**
 * gan_match_get_form:
 * @self: a match
 *
 * Returns: (transfer none) (nullable): name of the link form in the site's rules
 */
const char *
gan_match_get_form (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->form;
}

/**
 * gan_match_get_capture:
 * @self: a match
 * @name: name of a capture
 *
 * Returns: (transfer none) (nullable): what the URL has in its place, percent-decoded
 */
const char *
gan_match_get_capture (GanMatch *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return self->captures == NULL ? NULL : g_hash_table_lookup (self->captures, name);
}

/**
 * gan_match_get_url:
 * @self: a match
 *
 * Returns: (transfer none): the URL as it was given
 */
GanUrl *
gan_match_get_url (GanMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}
