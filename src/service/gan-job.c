/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-private.h"

#include "gan-url.h"

struct _GanJob
{
  GObject parent_instance;

  GanJobRow *row;
  gint64 downloaded;
  gint64 total;
  gint64 speed;
  gint64 eta;

  /* The queue's. */
  char *host; /* NULL: not looked for yet */
  GSequenceIter *iter;
  GanRun *run;
  gint64 due;
  gint64 most;
};

G_DEFINE_FINAL_TYPE (GanJob, gan_job, G_TYPE_OBJECT)

enum
{
  PROP_ROW = 1,
  PROP_DOWNLOADED,
  PROP_TOTAL,
  PROP_SPEED,
  PROP_ETA,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
gan_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanJob *self = GAN_JOB (object);

  switch (id)
    {
    case PROP_ROW:
      g_value_set_object (value, self->row);
      break;
    case PROP_DOWNLOADED:
      g_value_set_int64 (value, self->downloaded);
      break;
    case PROP_TOTAL:
      g_value_set_int64 (value, self->total);
      break;
    case PROP_SPEED:
      g_value_set_int64 (value, self->speed);
      break;
    case PROP_ETA:
      g_value_set_int64 (value, self->eta);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
gan_job_finalize (GObject *object)
{
  GanJob *self = GAN_JOB (object);

  g_clear_object (&self->row);
  g_free (self->host);
  G_OBJECT_CLASS (gan_job_parent_class)->finalize (object);
}

static GParamSpec *
make_number (const char *name)
{
  return g_param_spec_int64 (name,
                             NULL,
                             NULL,
                             GAN_UNKNOWN,
                             G_MAXINT64,
                             GAN_UNKNOWN,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
gan_job_class_init (GanJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gan_job_get_property;
  object_class->finalize = gan_job_finalize;
  properties[PROP_ROW] = g_param_spec_object ("row",
                                              NULL,
                                              NULL,
                                              GAN_TYPE_JOB_ROW,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DOWNLOADED] = make_number ("downloaded");
  properties[PROP_TOTAL] = make_number ("total");
  properties[PROP_SPEED] = make_number ("speed");
  properties[PROP_ETA] = make_number ("eta");
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
gan_job_init (GanJob *self)
{
  self->speed = GAN_UNKNOWN;
  self->eta = GAN_UNKNOWN;
}

static void
take_numbers (GanJob *self)
{
  self->downloaded = gan_job_row_get_downloaded (self->row);
  self->total = gan_job_row_get_total (self->row);
  self->most = MAX (self->most, self->downloaded);
}

/**
 * gan_job_new:
 * @row: as it is stored
 *
 * Returns: (transfer full): a job of nobody's queue yet
 */
GanJob *
gan_job_new (GanJobRow *row)
{
  GanJob *self = NULL;

  g_return_val_if_fail (GAN_IS_JOB_ROW (row), NULL);

  self = g_object_new (GAN_TYPE_JOB, NULL);
  self->row = g_object_ref (row);
  take_numbers (self);
  return self;
}

/* Whether two rows say the same but for the time at which they were written. */
static gboolean
is_same (GanJobRow *a, GanJobRow *b)
{
#define SAME_STRING(name)                                                                          \
  if (g_strcmp0 (gan_job_row_get_##name (a), gan_job_row_get_##name (b)) != 0)                     \
    return FALSE;
#define SAME_NUMBER(name)                                                                          \
  if (gan_job_row_get_##name (a) != gan_job_row_get_##name (b))                                    \
    return FALSE;
#define SAME_INT(name) SAME_NUMBER (name)
#define SAME_TIME(name)                                                                            \
  if ((GCallback) gan_job_row_get_##name != (GCallback) gan_job_row_get_changed_at                 \
      && gan_job_row_get_##name (a) != gan_job_row_get_##name (b))                                 \
    return FALSE;
#define SAME_DOUBLE(name)                                                                          \
  if (gan_job_row_get_##name (a) < gan_job_row_get_##name (b)                                      \
      || gan_job_row_get_##name (a) > gan_job_row_get_##name (b))                                  \
    return FALSE;
#define SAME(kind, name) SAME_##kind (name)
  GAN_JOB_ROW_FIELDS (SAME)
#undef SAME
  return TRUE;
}

/**
 * gan_job_set_row:
 * @self: a job
 * @row: what is stored now
 *
 * Of a job that runs, the numbers that are told while it runs are newer than those of the row.
 *
 * Returns: whether anything is new
 */
gboolean
gan_job_set_row (GanJob *self, GanJobRow *row)
{
  g_return_val_if_fail (GAN_IS_JOB (self) && GAN_IS_JOB_ROW (row), FALSE);

  if (self->row == row || is_same (self->row, row))
    return FALSE;
  g_set_object (&self->row, row);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
  if (self->run == NULL)
    gan_job_set_progress (self,
                          gan_job_row_get_downloaded (row),
                          gan_job_row_get_total (row),
                          GAN_UNKNOWN,
                          GAN_UNKNOWN);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

static void
set_number (GanJob *self, gint64 *number, gint64 value, guint property)
{
  if (*number == value)
    return;
  *number = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * gan_job_set_progress:
 * @self: a job
 * @downloaded: bytes, or %GAN_UNKNOWN like all that follows
 * @total: bytes
 * @speed: bytes a second
 * @eta: seconds
 */
void
gan_job_set_progress (GanJob *self, gint64 downloaded, gint64 total, gint64 speed, gint64 eta)
{
  g_return_if_fail (GAN_IS_JOB (self));

  self->most = MAX (self->most, downloaded);
  set_number (self, &self->downloaded, downloaded, PROP_DOWNLOADED);
  set_number (self, &self->total, total, PROP_TOTAL);
  set_number (self, &self->speed, speed, PROP_SPEED);
  set_number (self, &self->eta, eta, PROP_ETA);
}

/**
 * gan_job_get_row:
 * @self: a job
 *
 * Returns: (transfer none): what is stored of it, sealed
 */
GanJobRow *
gan_job_get_row (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), NULL);

  return self->row;
}

/**
 * gan_job_get_id:
 * @self: a job
 *
 * Returns: (transfer none): its id
 */
const char *
gan_job_get_id (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), NULL);

  return gan_job_row_get_id (self->row);
}

/**
 * gan_job_get_state:
 * @self: a job
 *
 * Returns: (transfer none): what it is doing: GAN_JOB_*
 */
const char *
gan_job_get_state (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), NULL);

  return gan_job_row_get_state (self->row);
}

/**
 * gan_job_is_in_state:
 * @self: a job
 * @state: GAN_JOB_*
 *
 * Returns: whether that is what it is doing
 */
gboolean
gan_job_is_in_state (GanJob *self, const char *state)
{
  g_return_val_if_fail (GAN_IS_JOB (self), FALSE);

  return g_strcmp0 (gan_job_row_get_state (self->row), state) == 0;
}

/**
 * gan_job_is_wanted:
 * @self: a job
 * @wanted: GAN_JOB_WANT_*
 *
 * Returns: whether that is what is wanted of it
 */
gboolean
gan_job_is_wanted (GanJob *self, const char *wanted)
{
  g_return_val_if_fail (GAN_IS_JOB (self), FALSE);

  return g_strcmp0 (gan_job_row_get_wanted (self->row), wanted) == 0;
}

/**
 * gan_job_get_kind:
 * @self: a job
 *
 * Returns: what of a queue's sums it is a part of
 */
GanJobKind
gan_job_get_kind (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), GAN_JOB_KIND_OVER);

  if (gan_job_is_in_state (self, GAN_JOB_WAITING))
    return GAN_JOB_KIND_WAITING;
  if (gan_job_is_active (self))
    return GAN_JOB_KIND_ACTIVE;
  if (gan_job_is_in_state (self, GAN_JOB_PAUSED))
    return GAN_JOB_KIND_PAUSED;
  if (gan_job_is_in_state (self, GAN_JOB_FAILED))
    return GAN_JOB_KIND_FAILED;
  return GAN_JOB_KIND_OVER;
}

/**
 * gan_job_is_active:
 * @self: a job
 *
 * Returns: whether it is resolving, running, retrying or verifying
 */
gboolean
gan_job_is_active (GanJob *self)
{
  static const char *const active[]
      = { GAN_JOB_RESOLVING, GAN_JOB_RUNNING, GAN_JOB_RETRYING, GAN_JOB_VERIFYING, NULL };

  g_return_val_if_fail (GAN_IS_JOB (self), FALSE);

  return gan_job_get_state (self) != NULL && g_strv_contains (active, gan_job_get_state (self));
}

/**
 * gan_job_get_downloaded:
 * @self: a job
 *
 * Returns: bytes that are here, or %GAN_UNKNOWN
 */
gint64
gan_job_get_downloaded (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), GAN_UNKNOWN);

  return self->downloaded;
}

/**
 * gan_job_get_total:
 * @self: a job
 *
 * Returns: bytes that will be here, or %GAN_UNKNOWN
 */
gint64
gan_job_get_total (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), GAN_UNKNOWN);

  return self->total;
}

/**
 * gan_job_get_speed:
 * @self: a job
 *
 * Returns: bytes a second, or %GAN_UNKNOWN
 */
gint64
gan_job_get_speed (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), GAN_UNKNOWN);

  return self->speed;
}

/**
 * gan_job_get_eta:
 * @self: a job
 *
 * Returns: seconds until all bytes are here, or %GAN_UNKNOWN
 */
gint64
gan_job_get_eta (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), GAN_UNKNOWN);

  return self->eta;
}

/**
 * gan_job_get_host:
 * @self: a job
 *
 * Returns: (transfer none): the host of its link; "" where it has none
 */
const char *
gan_job_get_host (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), "");

  if (self->host == NULL)
    {
      const char *link = gan_job_row_get_url (self->row);
      g_autoptr (GanUrl) url = link != NULL ? gan_url_parse_input (link, NULL) : NULL;

      self->host = g_strdup (url != NULL ? gan_url_get_host (url) : "");
    }
  return self->host;
}

/**
 * gan_job_get_iter:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): where it stands in its queue
 */
GSequenceIter *
gan_job_get_iter (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), NULL);

  return self->iter;
}

/**
 * gan_job_set_iter:
 * @self: a job
 * @iter: (nullable): where it stands in its queue
 */
void
gan_job_set_iter (GanJob *self, GSequenceIter *iter)
{
  g_return_if_fail (GAN_IS_JOB (self));

  self->iter = iter;
}

/**
 * gan_job_get_run:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): the run that executes it
 */
GanRun *
gan_job_get_run (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), NULL);

  return self->run;
}

/**
 * gan_job_set_run:
 * @self: a job
 * @run: (nullable): the run that executes it
 */
void
gan_job_set_run (GanJob *self, GanRun *run)
{
  g_return_if_fail (GAN_IS_JOB (self));

  self->run = run;
}

/**
 * gan_job_get_due:
 * @self: a job
 *
 * Returns: when its next try is due, in monotonic microseconds; 0: any time
 */
gint64
gan_job_get_due (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), 0);

  return self->due;
}

/**
 * gan_job_set_due:
 * @self: a job
 * @due: when its next try is due
 */
void
gan_job_set_due (GanJob *self, gint64 due)
{
  g_return_if_fail (GAN_IS_JOB (self));

  self->due = due;
}

/**
 * gan_job_get_most:
 * @self: a job
 *
 * Returns: the most bytes that any try has reached
 */
gint64
gan_job_get_most (GanJob *self)
{
  g_return_val_if_fail (GAN_IS_JOB (self), 0);

  return self->most;
}
