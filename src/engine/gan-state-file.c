/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-state-file.h"

#include "gan-error.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-part-file.h"
#include "gan-redact.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The marker by which a file is known as ours, and its form. */
#define MARKER "gannet_part"
#define FORM 1

#define STATE_DEPTH 8

static const char *const verified_names[] = {
  [GAN_VERIFIED_NONE] = "none",
  [GAN_VERIFIED_LENGTH] = "length",
  [GAN_VERIFIED_CONTAINER] = "container",
};

/* Differs after every start of the kernel. Where it cannot be read, every run counts as one after
 * a power cut. */
static char *
dup_boot_id (void)
{
  char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return NULL;
  return g_strchomp (text);
}

/* A plan that was made without a link is known by its first address. */
static char *
dup_source (GanPlan *plan)
{
  const char *source = gan_plan_get_source_url (plan);

  if (source == NULL)
    source = gan_url_get_string (gan_plan_get_track (plan, 0)->url);
  return gan_redact_url_hashed (source);
}

/**
 * gan_state_file_new:
 * @plan: a plan with a track
 * @wanted_name: (nullable): the name that the user chose
 * @stem: what the names of the files on disk begin with
 *
 * Returns: (transfer full): the state of a transfer that has no byte yet; nothing is on disk
 */
GanStateFile *
gan_state_file_new (GanPlan *plan, const char *wanted_name, const char *stem)
{
  GanStateFile *self = NULL;

  g_return_val_if_fail (plan != NULL && stem != NULL, NULL);

  self = g_new0 (GanStateFile, 1);
  self->stem = g_strdup (stem);
  self->source = dup_source (plan);
  self->platform = g_strdup (gan_plan_get_platform (plan));
  self->id = g_strdup (gan_plan_get_id (plan));
  self->format_id = gan_plan_dup_format_id (plan);
  self->wanted_name = g_strdup (wanted_name);
  self->plain_file = gan_plan_is_plain_file (plan);
  self->version = gan_version_new ();
  return self;
}

/**
 * gan_state_file_free:
 * @self: a state
 */
void
gan_state_file_free (GanStateFile *self)
{
  if (self == NULL)
    return;
  g_free (self->stem);
  g_free (self->source);
  g_free (self->platform);
  g_free (self->id);
  g_free (self->format_id);
  g_free (self->wanted_name);
  g_free (self->job);
  g_free (self->file);
  g_free (self->boot_id);
  g_clear_pointer (&self->version, gan_version_free);
  g_clear_pointer (&self->aside, gan_version_free);
  g_free (self);
}

static char *
read_text (GanFolder *folder, const char *name)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  guint8 piece[4096];
  struct stat info;
  gssize n = 0;
  int fd
      = openat (gan_folder_get_fd (folder), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      while (text->len <= GAN_LIMIT_STATE_BYTES && (n = read (fd, piece, sizeof piece)) > 0)
        g_byte_array_append (text, piece, (guint) n);
    }
  close (fd);
  if (text->len == 0 || text->len > GAN_LIMIT_STATE_BYTES)
    return NULL;
  g_byte_array_append (text, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&text), FALSE);
}

static GanVerified
parse_verified (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verified_names); i++)
    {
      if (g_strcmp0 (name, verified_names[i]) == 0)
        return (GanVerified) i;
    }
  return GAN_VERIFIED_NONE;
}

/* One component, as it stands in the folder: a state file that says otherwise is not ours. */
static gboolean
is_file_name (const char *name)
{
  return name != NULL && *name != '\0' && strchr (name, '/') == NULL
         && strlen (name) <= GAN_LIMIT_FILE_NAME_BYTES && strcmp (name, ".") != 0
         && strcmp (name, "..") != 0;
}

static gboolean
fill (GanStateFile *self, JsonNode *node)
{
  JsonNode *aside = gan_json_find (node, "aside");

  self->source = g_strdup (gan_json_get_string (node, "source"));
  self->platform = g_strdup (gan_json_get_string (node, "platform"));
  self->id = g_strdup (gan_json_get_string (node, "id"));
  self->format_id = g_strdup (gan_json_get_string (node, "format_id"));
  self->wanted_name = g_strdup (gan_json_get_string (node, "wanted_name"));
  self->job = g_strdup (gan_json_get_string (node, "job"));
  self->plain_file = gan_json_get_boolean (node, "plain_file");
  self->file = g_strdup (gan_json_get_string (node, "file"));
  self->inode = (guint64) gan_json_get_int (node, "inode");
  self->boot_id = g_strdup (gan_json_get_string (node, "boot_id"));
  self->version = gan_version_new_from_json (gan_json_find (node, "version"));
  self->complete = gan_json_get_boolean (node, "complete");
  self->verified = parse_verified (gan_json_get_string (node, "verified"));
  if (aside != NULL && !JSON_NODE_HOLDS_NULL (aside))
    {
      self->aside = gan_version_new_from_json (aside);
      if (self->aside == NULL)
        return FALSE;
    }
  return self->source != NULL && is_file_name (self->file) && self->version != NULL;
}

/* What was written since the last sync is in the memory of the kernel; another boot has not got
 * it. */
static void
forget_what_power_took (GanStateFile *self)
{
  g_autofree char *boot_id = dup_boot_id ();

  if (boot_id != NULL && g_strcmp0 (boot_id, self->boot_id) == 0)
    return;
  gan_version_trust_durable (self->version);
  if (self->aside != NULL)
    gan_version_trust_durable (self->aside);
}

/**
 * gan_state_file_load:
 * @folder: where
 * @stem: what the names of the files begin with
 *
 * Reads it as one reads what a server sent. Bytes that a power cut may have taken are no longer
 * counted.
 *
 * Returns: (transfer full) (nullable): the state, or %NULL if there is none or it is not one of
 *   ours
 */
GanStateFile *
gan_state_file_load (GanFolder *folder, const char *stem)
{
  g_autoptr (GanStateFile) self = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (folder != NULL && stem != NULL, NULL);

  name = g_strconcat (stem, GAN_PART_SUFFIX_STATE, NULL);
  text = read_text (folder, name);
  if (text == NULL)
    return NULL;
  node = gan_json_parse (text, -1, GAN_LIMIT_STATE_BYTES, STATE_DEPTH, NULL);
  if (node == NULL || gan_json_get_int (node, MARKER) != FORM)
    return NULL;
  self = g_new0 (GanStateFile, 1);
  self->stem = g_strdup (stem);
  if (!fill (self, node))
    return NULL;
  forget_what_power_took (self);
  return g_steal_pointer (&self);
}

/**
 * gan_state_file_is_of:
 * @self: a state
 * @plan: a plan with a track
 * @wanted_name: (nullable): the name that the user chose
 *
 * Returns: whether it belongs to a transfer of the same source, item, format and chosen name
 */
gboolean
gan_state_file_is_of (GanStateFile *self, GanPlan *plan, const char *wanted_name)
{
  g_autofree char *source = NULL;
  g_autofree char *format_id = NULL;

  g_return_val_if_fail (self != NULL && plan != NULL, FALSE);

  source = dup_source (plan);
  format_id = gan_plan_dup_format_id (plan);
  return g_strcmp0 (self->source, source) == 0
         && g_strcmp0 (self->platform, gan_plan_get_platform (plan)) == 0
         && g_strcmp0 (self->id, gan_plan_get_id (plan)) == 0
         && g_strcmp0 (self->format_id, format_id) == 0
         && g_strcmp0 (self->wanted_name, wanted_name) == 0
         && self->plain_file == gan_plan_is_plain_file (plan);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static char *
to_text (GanStateFile *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, MARKER);
  json_builder_add_int_value (builder, FORM);
  add_string (builder, "source", self->source);
  add_string (builder, "platform", self->platform);
  add_string (builder, "id", self->id);
  add_string (builder, "format_id", self->format_id);
  add_string (builder, "wanted_name", self->wanted_name);
  add_string (builder, "job", self->job);
  add_flag (builder, "plain_file", self->plain_file);
  add_string (builder, "file", self->file);
  json_builder_set_member_name (builder, "inode");
  json_builder_add_int_value (builder, (gint64) self->inode);
  add_string (builder, "boot_id", self->boot_id);
  json_builder_set_member_name (builder, "version");
  gan_version_add_json (self->version, builder);
  json_builder_set_member_name (builder, "aside");
  if (self->aside != NULL)
    gan_version_add_json (self->aside, builder);
  else
    json_builder_add_null_value (builder);
  add_flag (builder, "complete", self->complete);
  add_string (builder, "verified", verified_names[self->verified]);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return gan_json_to_string (root, TRUE);
}

static gboolean
write_durably (int fd, const char *text)
{
  gsize length = strlen (text);
  gsize done = 0;

  while (done < length)
    {
      gssize n = write (fd, text + done, length - done);

      if (n < 0 && errno != EINTR)
        return FALSE;
      done += n > 0 ? (gsize) n : 0;
    }
  return fsync (fd) == 0;
}

/**
 * gan_state_file_save:
 * @self: a state; the caller holds the lock of its part file
 * @folder: where
 * @error: return location
 *
 * Writes it whole and durable beside the old one and puts it in its place (0.4 ms on an SSD), so
 * that a kill or a power cut leaves the one or the other. Fails like gan_folder_set_error(); then
 * the old one stands.
 *
 * Returns: whether it did
 */
gboolean
gan_state_file_save (GanStateFile *self, GanFolder *folder, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *new_name = NULL;
  g_autofree char *text = NULL;
  int fd = -1;
  int code = 0;

  g_return_val_if_fail (self != NULL && folder != NULL, FALSE);

  g_free (self->boot_id);
  self->boot_id = dup_boot_id ();
  text = to_text (self);
  name = g_strconcat (self->stem, GAN_PART_SUFFIX_STATE, NULL);
  new_name = g_strconcat (self->stem, GAN_PART_SUFFIX_STATE_NEW, NULL);
  if (!gan_folder_remove (folder, new_name, error))
    return FALSE;
  fd = openat (gan_folder_get_fd (folder),
               new_name,
               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
               0600);
  if (fd < 0 || !write_durably (fd, text))
    code = errno;
  if (fd >= 0 && close (fd) < 0 && code == 0)
    code = errno;
  if (code == 0)
    return gan_folder_move (folder, new_name, name, error);
  gan_folder_set_error (error, code, "cannot write", new_name);
  gan_folder_remove (folder, new_name, NULL);
  return FALSE;
}

/**
 * gan_state_file_remove:
 * @self: a state; the caller holds the lock of its part file
 * @folder: where
 * @error: return location
 *
 * Returns: whether it is gone from disk
 */
gboolean
gan_state_file_remove (GanStateFile *self, GanFolder *folder, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *new_name = NULL;

  g_return_val_if_fail (self != NULL && folder != NULL, FALSE);

  name = g_strconcat (self->stem, GAN_PART_SUFFIX_STATE, NULL);
  new_name = g_strconcat (self->stem, GAN_PART_SUFFIX_STATE_NEW, NULL);
  return gan_folder_remove (folder, new_name, error) && gan_folder_remove (folder, name, error);
}
