package operation

import "context"

// canary is what follows the first part of a run; true goes on with the rest.
func (r *Run) canary(context.Context) bool { return false }
