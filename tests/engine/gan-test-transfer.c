/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-test-transfer.h"

#include "gan-error.h"
#include "gan-soup-transport.h"
#include "gan-state-file.h"

/* 2026-01-01, later than the dates that the server gives. */
#define TODAY 1767225600

static void
told_cb (const GanProgress *progress, gpointer user_data)
{
  GanTestTransfer *self = user_data;

  self->went_back |= progress->downloaded < self->last.downloaded;
  self->last = *progress;
  self->last.file = NULL;
  self->most = MAX (self->most, progress->downloaded);
  g_atomic_int_inc (&self->n_told);
  if (self->cancel_at != 0 && progress->downloaded >= self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static void
set_up (GanTestTransfer *self, GanTestServer *server, GanClock *clock)
{
  g_autoptr (GError) error = NULL;
  GanSoupTransportOptions options = { .ca_file = gan_test_server_get_ca_file (server) };

  self->server = server;
  self->clock = clock;
  self->folder = gan_test_folder_new ();
  self->transport = gan_soup_transport_new (&options, &error);
  g_assert_no_error (error);
  self->http = gan_http_new (self->transport, clock);
  self->cancellable = g_cancellable_new ();
  self->options.folder = self->folder->path;
  self->options.progress = told_cb;
  self->options.user_data = self;
}

void
gan_test_transfer_set_up (GanTestTransfer *self, gconstpointer data)
{
  set_up (self, gan_test_server_new (FALSE), GAN_CLOCK (gan_fake_clock_new (TODAY)));
}

void
gan_test_transfer_set_up_tls (GanTestTransfer *self, gconstpointer data)
{
  set_up (self, gan_test_server_new (TRUE), GAN_CLOCK (gan_fake_clock_new (TODAY)));
}

void
gan_test_transfer_set_up_timed (GanTestTransfer *self, gconstpointer data)
{
  set_up (self, gan_test_server_new (FALSE), g_object_ref (gan_clock_get_system ()));
}

void
gan_test_transfer_tear_down (GanTestTransfer *self, gconstpointer data)
{
  g_assert_finalize_object (self->http);
  g_assert_finalize_object (self->transport);
  g_assert_finalize_object (self->cancellable);
  g_object_unref (self->clock);
  g_assert_finalize_object (self->server);
  gan_test_folder_free (self->folder);
}

/**
 * gan_test_transfer_make_plan:
 * @self: a fixture
 * @target: path and query at the server, as they are
 *
 * Returns: (transfer full): a plan that fetches it as a plain file
 */
GanPlan *
gan_test_transfer_make_plan (GanTestTransfer *self, const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gan_test_server_dup_url (self->server, target);
  g_autoptr (GanUrl) url = gan_url_parse (text, &error);
  GanPlan *plan = gan_plan_new ("generic", text);

  g_assert_no_error (error);
  gan_plan_set_plain_file (plan, TRUE);
  gan_plan_add_track (plan, GAN_TRACK_FILE, url, "file", "http");
  return plan;
}

GanTransferResult *
gan_test_transfer_run (GanTestTransfer *self, const char *target, GError **error)
{
  g_autoptr (GanPlan) plan = gan_test_transfer_make_plan (self, target);
  GanTransferResult *result;

  self->last.downloaded = 0;
  result = gan_transfer_run (self->http, plan, &self->options, self->cancellable, error);
  /* Takes the lock of the server, so that what handlers did comes before what the test does next.
   */
  gan_test_server_count (self->server, NULL);
  return result;
}

/**
 * gan_test_transfer_assert_bytes:
 * @self: a fixture
 * @name: a file in its folder
 * @size: of a body
 * @seed: of a body
 *
 * The file holds gan_test_body() of @size and @seed, byte for byte.
 */
void
gan_test_transfer_assert_bytes (GanTestTransfer *self, const char *name, gsize size, guint32 seed)
{
  g_autoptr (GBytes) wanted = gan_test_body (size, seed);
  g_autoptr (GBytes) bytes = gan_test_folder_load (self->folder, name);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  g_assert_true (g_bytes_equal (bytes, wanted));
}

void
gan_test_transfer_assert_names (GanTestTransfer *self, const char *names)
{
  g_auto (GStrv) list = gan_test_folder_list (self->folder);
  g_autofree char *joined = g_strjoinv (" ", list);

  g_assert_cmpstr (joined, ==, names);
}

/**
 * gan_test_transfer_assert_fetched:
 * @self: a fixture
 * @target: path and query
 * @name: what the file shall be called
 * @size: of the body
 * @seed: of the body
 * @verified: how it shall be verified
 *
 * One run makes the one file in the folder, and nothing else.
 */
void
gan_test_transfer_assert_fetched (GanTestTransfer *self,
                                  const char *target,
                                  const char *name,
                                  gsize size,
                                  guint32 seed,
                                  GanVerified verified)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result = gan_test_transfer_run (self, target, &error);
  g_autofree char *path = gan_test_folder_dup_path (self->folder, name);

  g_assert_no_error (error);
  g_assert_cmpstr (result->file, ==, path);
  g_assert_cmpint (result->size, ==, (gint64) size);
  g_assert_cmpint (result->verified, ==, verified);
  g_assert_cmpint (self->last.state, ==, GAN_TRANSFER_DONE);
  g_assert_cmpint (self->last.downloaded, ==, (gint64) size);
  gan_test_transfer_assert_names (self, name);
  gan_test_transfer_assert_bytes (self, name, size, seed);
}

void
gan_test_transfer_assert_fails (GanTestTransfer *self,
                                const char *target,
                                GanErrorCode code,
                                const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanTransferResult) result = gan_test_transfer_run (self, target, &error);

  g_assert_null (result);
  g_assert_error (error, GAN_ERROR, (int) code);
  if (reason != NULL)
    g_assert_cmpstr (gan_error_get_reason (error), ==, reason);
}

/**
 * gan_test_transfer_get_have:
 * @self: a fixture
 * @stem: name of a file without ".part"
 *
 * Returns: how many bytes its state file vouches for, -1 if there is none
 */
gint64
gan_test_transfer_get_have (GanTestTransfer *self, const char *stem)
{
  g_autoptr (GanFolder) folder = gan_folder_open (self->folder->path, FALSE, NULL);
  g_autoptr (GanStateFile) state = gan_state_file_load (folder, stem);

  return state != NULL ? gan_version_get_have (state->version) : -1;
}
