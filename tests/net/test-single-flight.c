/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equal questions at the same time, and leaders that go away. */
#include "config.h"

#include "gan-single-flight.h"

#include "gan-error.h"
#include "gan-reply-private.h"
#include "gan-response-private.h"

#include <string.h>

#define N_THREADS 12

/* A question whose answer waits until the test lets it go. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  GanSingleFlight *flights;
  guint n_asked;
  guint n_inside;
  gboolean open;
  gboolean fails;
} Question;

typedef struct
{
  Question *question;
  const char *key;
  GCancellable *cancellable;
  GanReply *reply;
  GError *error;
  gboolean shared;
} Asker;

static GanReply *
make_reply (void)
{
  g_autoptr (GanUrl) url = gan_url_parse ("https://example.org/", NULL);
  g_autoptr (GanHeaders) headers = gan_headers_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("x", 1);
  GanResponseHead head = { url, 200, headers, GAN_FRAMING_LENGTH, 1, 0, 0 };
  g_autoptr (GanResponse) response = gan_response_new_from_bytes (&head, body);

  return gan_reply_new (response, body);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Question *self = data;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static GanReply *
answer (gpointer data, GCancellable *cancellable, GError **error)
{
  Question *self = data;
  gulong id = cancellable != NULL
                  ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL)
                  : 0;
  gboolean fails = FALSE;

  g_mutex_lock (&self->mutex);
  self->n_asked++;
  self->n_inside++;
  g_cond_broadcast (&self->cond);
  while (!self->open && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->cond, &self->mutex);
  self->n_inside--;
  fails = self->fails;
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (cancellable, id);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (fails)
    {
      gan_error_set (error, GAN_ERROR_NETWORK, "refused", "nobody there");
      return NULL;
    }
  return make_reply ();
}

static gpointer
asker_thread (gpointer data)
{
  Asker *self = data;

  self->reply = gan_single_flight_run (self->question->flights,
                                       self->key,
                                       answer,
                                       self->question,
                                       &self->shared,
                                       self->cancellable,
                                       &self->error);
  return NULL;
}

static void
question_init (Question *self)
{
  memset (self, 0, sizeof *self);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->flights = gan_single_flight_new ();
}

static void
question_clear (Question *self)
{
  gan_single_flight_free (self->flights);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
}

static void
wait_asked (Question *self, guint n_asked)
{
  g_mutex_lock (&self->mutex);
  while (self->n_asked < n_asked)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
let_go (Question *self)
{
  g_mutex_lock (&self->mutex);
  self->open = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
asker_clear (Asker *self)
{
  g_clear_object (&self->reply);
  g_clear_error (&self->error);
}

/* A leader, and once it is inside, the others. */
static void
start (Question *question, Asker *askers, GThread **threads)
{
  for (guint i = 0; i < N_THREADS; i++)
    {
      askers[i].question = question;
      if (askers[i].key == NULL)
        askers[i].key = "key";
      threads[i] = g_thread_new ("asker", asker_thread, &askers[i]);
      if (i == 0)
        wait_asked (question, 1);
    }
  while (gan_single_flight_get_n_waiting (question->flights, "key") < N_THREADS - 1)
    g_thread_yield ();
}

static void
finish (GThread **threads)
{
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_asked_once (void)
{
  Question question;
  Asker askers[N_THREADS] = { 0 };
  GThread *threads[N_THREADS];

  question_init (&question);
  start (&question, askers, threads);
  let_go (&question);
  finish (threads);
  g_assert_cmpuint (question.n_asked, ==, 1);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_assert_no_error (askers[i].error);
      g_assert_true (askers[i].reply == askers[0].reply);
      g_assert_cmpint (askers[i].shared, ==, i > 0);
    }
  for (guint i = 0; i < N_THREADS; i++)
    asker_clear (&askers[i]);
  question_clear (&question);
}

static void
test_errors_are_shared (void)
{
  Question question;
  Asker askers[N_THREADS] = { 0 };
  GThread *threads[N_THREADS];

  question_init (&question);
  question.fails = TRUE;
  start (&question, askers, threads);
  let_go (&question);
  finish (threads);
  g_assert_cmpuint (question.n_asked, ==, 1);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_assert_null (askers[i].reply);
      g_assert_error (askers[i].error, GAN_ERROR, GAN_ERROR_NETWORK);
      g_assert_cmpstr (gan_error_get_reason (askers[i].error), ==, "refused");
      asker_clear (&askers[i]);
    }
  question_clear (&question);
}

static void
test_cancelled_leader_hands_over (void)
{
  Question question;
  Asker askers[N_THREADS] = { 0 };
  GThread *threads[N_THREADS];
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  question_init (&question);
  askers[0].cancellable = cancellable;
  start (&question, askers, threads);
  g_cancellable_cancel (cancellable);
  wait_asked (&question, 2);
  let_go (&question);
  finish (threads);
  g_assert_cmpuint (question.n_asked, ==, 2);
  g_assert_error (askers[0].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 1; i < N_THREADS; i++)
    {
      g_assert_no_error (askers[i].error);
      g_assert_nonnull (askers[i].reply);
    }
  for (guint i = 0; i < N_THREADS; i++)
    asker_clear (&askers[i]);
  question_clear (&question);
}

/* A follower that is cancelled leaves at once, and nobody else. */
static void
test_cancelled_follower_leaves (void)
{
  Question question;
  Asker askers[N_THREADS] = { 0 };
  GThread *threads[N_THREADS];
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  question_init (&question);
  askers[5].cancellable = cancellable;
  start (&question, askers, threads);
  g_cancellable_cancel (cancellable);
  g_thread_join (g_steal_pointer (&threads[5]));
  g_assert_error (askers[5].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (question.n_inside, ==, 1);
  let_go (&question);
  for (guint i = 0; i < N_THREADS; i++)
    {
      if (threads[i] != NULL)
        g_thread_join (threads[i]);
      if (i != 5)
        g_assert_no_error (askers[i].error);
      asker_clear (&askers[i]);
    }
  g_assert_cmpuint (question.n_asked, ==, 1);
  question_clear (&question);
}

static void
test_next_question_is_asked_anew (void)
{
  Question question;
  Asker first = { &question, "key", NULL, NULL, NULL, FALSE };
  Asker second = { &question, "key", NULL, NULL, NULL, FALSE };

  question_init (&question);
  question.open = TRUE;
  asker_thread (&first);
  asker_thread (&second);
  g_assert_cmpuint (question.n_asked, ==, 2);
  g_assert_false (second.shared);
  asker_clear (&first);
  asker_clear (&second);
  question_clear (&question);
}

static void
test_other_keys_are_apart (void)
{
  Question question;
  Asker first = { &question, "one", NULL, NULL, NULL, FALSE };
  Asker second = { &question, "two", NULL, NULL, NULL, FALSE };
  GThread *thread = NULL;
  GThread *other = NULL;

  question_init (&question);
  thread = g_thread_new ("one", asker_thread, &first);
  other = g_thread_new ("two", asker_thread, &second);
  wait_asked (&question, 2);
  let_go (&question);
  g_thread_join (thread);
  g_thread_join (other);
  g_assert_false (first.shared);
  g_assert_false (second.shared);
  asker_clear (&first);
  asker_clear (&second);
  question_clear (&question);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/single-flight/asked-once", test_asked_once);
  g_test_add_func ("/single-flight/errors-are-shared", test_errors_are_shared);
  g_test_add_func ("/single-flight/cancelled-leader", test_cancelled_leader_hands_over);
  g_test_add_func ("/single-flight/cancelled-follower", test_cancelled_follower_leaves);
  g_test_add_func ("/single-flight/next-question", test_next_question_is_asked_anew);
  g_test_add_func ("/single-flight/other-keys", test_other_keys_are_apart);
  return g_test_run ();
}
