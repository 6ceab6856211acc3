// Package sns is Amazon SNS in this process: topics, e-mail subscriptions, and
// a mailbox in which delivered mails can be read.
package sns

import "time"

// Service holds the topics and mails of one local cloud. It is safe for
// concurrent use.
type Service struct{}

// Mail is one delivered e-mail.
type Mail struct {
	To       string
	Subject  string
	Body     string
	TopicARN string
	// MessageID is the id that Publish answered with.
	MessageID string
	At        time.Time
}
