package local

import "time"

// Call is one request on the wire.
type Call struct {
	// Service is the name that IAM actions start with: sqs, states, dynamodb, sns,
	// sts, cloudformation, execute-api.
	Service string
	// Operation is the API action, such as SendMessage.
	Operation string
	// AccessKey is who signed the request, "" when nobody did.
	AccessKey string
	Time      time.Time
}

// Action is the call as IAM names it, such as sqs:SendMessage.
func (c Call) Action() string { return c.Service + ":" + c.Operation }

// Calls counts what an access key asked for, by action ("sqs:SendMessage").
// Refused calls are counted too: they were on the wire.
func (c *Cloud) Calls(accessKey string) map[string]int {
	_ = accessKey
	return nil
}
