/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A drawing as an SVG picture without external files.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_SVG_H
#define DAX_OWNER_CLI_MAP_DRAWING_SVG_H

#include <stdio.h>

#include "cli/map/drawing.h"

int svg_print(struct drawing *drawing, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_SVG_H */
