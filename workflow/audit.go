package workflow

import "time"

// AuditEntry is one call that changed something, or tried to: enough to find its
// row in CloudTrail. It holds neither credentials nor bodies. Within a version
// fields are only added.
type AuditEntry struct {
	Version  int       `json:"v"`
	At       time.Time `json:"at"`
	Context  string    `json:"context,omitempty"`
	Account  string    `json:"account,omitempty"`
	Region   string    `json:"region"`
	Identity string    `json:"identity"`
	// Reason is what a production context was unlocked for.
	Reason string `json:"reason,omitempty"`
	// Plan is the title of the plan that the call is part of, with the id of the run.
	Plan string `json:"plan,omitempty"`
	// Action is the AWS action, and Target what it was about.
	Action    string `json:"action"`
	Target    string `json:"target,omitempty"`
	Outcome   string `json:"outcome"`
	RequestID string `json:"request_id,omitempty"`
	// Milliseconds is how long the call took.
	Milliseconds int64 `json:"ms"`
}
