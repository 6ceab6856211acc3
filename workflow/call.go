package workflow

import "time"

// Call is one call of an AWS operation as the Activity screen shows it. It
// never carries credentials or bodies.
type Call struct {
	At time.Time
	// Operation is the AWS action: "sqs:GetQueueAttributes".
	Operation string
	// Target is the ARN, URL or name that the call was about; "" when there is none.
	Target   string
	Duration time.Duration
	// Polling is false for what the operator asked for.
	Polling bool
	// Outcome is "ok" or the kind of the problem in words.
	Outcome   string
	RequestID string
}

// APIUse is how one API operation was used since the program started.
type APIUse struct {
	// Operation is the AWS action: "states:ListExecutions".
	Operation string
	// Calls counts attempts on the wire, Throttles those that AWS refused for their rate.
	Calls     int
	Throttles int
	// Refused counts calls that our own budget stopped before they were sent.
	Refused int
	// Share is the used part of our allowance over the last minute; 1 means all of it.
	Share float64
	// P50 and P99 are latencies of the last calls; 0 when none was answered.
	P50 time.Duration
	P99 time.Duration
	// CostPerHour is what calls as often as in the last minute cost, in US dollars,
	// at list prices of us-east-1.
	CostPerHour float64
}
