/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extract: bytes in, values out; no network, no files. */
#pragma once

#include "gan-html.h"
#include "gan-page-media.h"
