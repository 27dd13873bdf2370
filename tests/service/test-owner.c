/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who executes the queue: by locks alone, within a process and between processes. */
#include "config.h"

#include "gan-test-queue.h"
#include "gan-test-run.h"

#include "gan-error.h"

#include <signal.h>

/* What comes at once, without any of the slow looks of one who waits. */
#define AT_ONCE 4000

typedef struct
{
  GanTestFolder *folder;
  char *data;
  guint n_woken;
  guint n_asked;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = gan_test_folder_new ();
  self->data = gan_test_folder_dup_path (self->folder, "data");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->data);
  gan_test_folder_free (self->folder);
}

static void
woken_cb (GanOwner *owner, gpointer user_data)
{
  ((Fixture *) user_data)->n_woken++;
}

/* As the queue does that has nothing to end. */
static void
asked_cb (GanOwner *owner, gpointer user_data)
{
  ((Fixture *) user_data)->n_asked++;
  gan_owner_yield (owner);
}

static GanOwner *
start (Fixture *self, GanOwnerKind kind)
{
  GanOwner *owner = gan_owner_new (self->data, kind);
  g_autoptr (GError) error = NULL;

  g_signal_connect (owner, "woken", G_CALLBACK (woken_cb), self);
  g_signal_connect (owner, "asked-to-yield", G_CALLBACK (asked_cb), self);
  g_assert_true (gan_owner_start (owner, &error));
  g_assert_no_error (error);
  return owner;
}

static void
end (GanOwner *owner)
{
  gan_owner_stop (owner);
  g_assert_false (gan_owner_is_owner (owner));
  g_assert_finalize_object (owner);
}

static gboolean
owns (gpointer data)
{
  return gan_owner_is_owner (data);
}

static gboolean
owns_not (gpointer data)
{
  return !gan_owner_is_owner (data);
}

static void
wait_owns (GanOwner *owner)
{
  g_assert_true (gan_test_queue_wait (owns, owner, AT_ONCE));
}

static gboolean
was_woken (gpointer data)
{
  return ((Fixture *) data)->n_woken > 0;
}

static void
test_one (Fixture *self, gconstpointer data)
{
  GanOwner *owner = NULL;

  g_assert_false (gan_owner_is_there (self->data));
  owner = start (self, GAN_OWNER_YIELDS);
  g_assert_true (gan_owner_is_owner (owner));
  g_assert_true (gan_owner_is_there (self->data));
  end (owner);
  g_assert_false (gan_owner_is_there (self->data));
}

/* The second takes over when the first one ends. */
static void
test_two (Fixture *self, gconstpointer data)
{
  GanOwner *first = start (self, GAN_OWNER_YIELDS);
  GanOwner *second = start (self, GAN_OWNER_YIELDS);

  g_assert_true (gan_owner_is_owner (first));
  g_assert_false (gan_owner_is_owner (second));
  end (first);
  wait_owns (second);
  g_assert_cmpuint (self->n_asked, ==, 0);
  end (second);
}

/* A window gets the queue, and gives it back when it is closed. */
static void
test_claim (Fixture *self, gconstpointer data)
{
  GanOwner *headless = start (self, GAN_OWNER_YIELDS);
  GanOwner *window = NULL;

  for (guint i = 1; i <= 3; i++)
    {
      window = start (self, GAN_OWNER_CLAIMS);
      wait_owns (window);
      g_assert_false (gan_owner_is_owner (headless));
      g_assert_cmpuint (self->n_asked, ==, i);
      end (window);
      wait_owns (headless);
    }
  end (headless);
}

/* Two windows: the second waits, and is not given way to. */
static void
test_two_claims (Fixture *self, gconstpointer data)
{
  GanOwner *first = start (self, GAN_OWNER_CLAIMS);
  GanOwner *second = start (self, GAN_OWNER_CLAIMS);
  GanOwner *headless = start (self, GAN_OWNER_YIELDS);

  g_assert_true (gan_owner_is_owner (first));
  g_assert_false (gan_owner_is_owner (second));
  end (first);
  wait_owns (second);
  g_assert_false (gan_owner_is_owner (headless));
  end (second);
  wait_owns (headless);
  end (headless);
}

/* All hear of it, and in an idle owner nothing else ever happens. */
static void
test_wake (Fixture *self, gconstpointer data)
{
  GanOwner *owner = start (self, GAN_OWNER_YIELDS);
  g_autoptr (GError) error = NULL;

  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (self->n_woken, ==, 0);
  g_assert_true (gan_owner_wake (self->data, &error));
  g_assert_no_error (error);
  g_assert_true (gan_test_queue_wait (was_woken, self, AT_ONCE));
  end (owner);
}

/* Those who only look disturb nobody. */
static void
test_looks (Fixture *self, gconstpointer data)
{
  GanOwner *owner = start (self, GAN_OWNER_YIELDS);

  for (guint i = 0; i < 100; i++)
    g_assert_true (gan_owner_is_there (self->data));
  g_assert_false (gan_test_queue_wait (was_woken, self, 100));
  g_assert_true (gan_owner_is_owner (owner));
  end (owner);
}

static gboolean
timer_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* No timer of its own wakes an owner that has nothing to do. */
static void
test_idle (Fixture *self, gconstpointer data)
{
  GanOwner *owner = start (self, GAN_OWNER_YIELDS);
  gboolean is_over = FALSE;
  guint n_turns = 0;

  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_timeout_add (300, timer_cb, &is_over);
  for (; !is_over; n_turns++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_turns, ==, 1);
  end (owner);
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (self->data, "more", NULL);
  g_autoptr (GanOwner) owner = gan_owner_new (inside, GAN_OWNER_YIELDS);
  g_autoptr (GError) error = NULL;

  gan_test_folder_write (self->folder, "data", "", 0);
  g_assert_false (gan_owner_start (owner, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_DISK));
  g_clear_error (&error);
  g_assert_false (gan_owner_wake (inside, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_DISK));
  g_assert_false (gan_owner_is_there (inside));
}

static GanTestRun *
run (Fixture *self, const char *how)
{
  g_autofree char *program = gan_test_program_dup_path ("tests/service/queue-run");
  const char *const argv[] = { program, self->data, how, NULL };

  return gan_test_run_start (argv, NULL, NULL, NULL);
}

/* Nobody has to look for the dead: the kernel tells. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GanTestRun) other = run (self, "yields");
      GanOwner *owner = NULL;

      g_assert_true (gan_test_run_wait_output (other, "owner 1", GAN_TEST_PATIENCE));
      owner = start (self, GAN_OWNER_YIELDS);
      g_assert_false (gan_test_queue_wait (owns, owner, 300));
      gan_test_run_kill (other, SIGKILL);
      wait_owns (owner);
      g_assert_true (gan_test_run_wait (other, GAN_TEST_PATIENCE));
      end (owner);
    }
}

/* A window that is killed gives the queue back as well. */
static void
test_claim_killed (Fixture *self, gconstpointer data)
{
  GanOwner *owner = start (self, GAN_OWNER_YIELDS);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GanTestRun) window = run (self, "claims");

      g_assert_true (gan_test_queue_wait (owns_not, owner, GAN_TEST_PATIENCE));
      g_assert_true (gan_test_run_wait_output (window, "owner 1", AT_ONCE));
      gan_test_run_kill (window, SIGKILL);
      wait_owns (owner);
      g_assert_true (gan_test_run_wait (window, GAN_TEST_PATIENCE));
    }
  end (owner);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/owner/one", test_one);
  ADD ("/owner/two", test_two);
  ADD ("/owner/claim", test_claim);
  ADD ("/owner/two-claims", test_two_claims);
  ADD ("/owner/wake", test_wake);
  ADD ("/owner/looks", test_looks);
  ADD ("/owner/idle", test_idle);
  ADD ("/owner/no-folder", test_no_folder);
  ADD ("/owner/K17-killed", test_killed);
  ADD ("/owner/K17-claim-killed", test_claim_killed);
  return g_test_run ();
}
