package workflow

import "time"

// Consumer is what feeds the order queue to a function: a Lambda event source
// mapping.
type Consumer struct {
	// UUID names the mapping; "" means that no mapping reads the queue.
	UUID     string
	Function string
	// State is Lambda's word: Enabled, Disabled, Enabling, Disabling, Creating, Updating.
	State     string
	BatchSize int
	// PartialFailures tells that the function's answer decides which messages of a
	// batch come back. Without it one bad message brings back ten.
	PartialFailures bool
	// Timeout is how long the function may run; 0 when not known.
	Timeout time.Duration
	// LastResult is what became of the last poll, "" when not told.
	LastResult string
	// Deployed is when the function was last changed; zero when not known.
	// Unknown says why not.
	Deployed time.Time
	Unknown  string
}

// Reads tells whether the mapping takes messages, or is about to.
func (c Consumer) Reads() bool {
	return c.State == "Enabled" || c.State == "Enabling" || c.State == "Updating" || c.State == "Creating"
}
