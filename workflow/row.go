package workflow

import "time"

// OrderStatus is the value of order_status in the orders table.
type OrderStatus string

// The statuses that the stock functions write.
const (
	Pending OrderStatus = "PENDING"
	Success OrderStatus = "SUCCESS"
	Failure OrderStatus = "FAILURE"
)

// RowKey is the primary key of the orders table.
type RowKey struct {
	UserID string
	ID     OrderID
}

// Row is one item of the orders table.
type Row struct {
	RowKey
	RestaurantID string
	Quantity     string
	// Created is zero when created_at is missing or no RFC 3339 time; CreatedText
	// is what the table holds.
	Created     time.Time
	CreatedText string
	Status      OrderStatus
	// ErrorMessage says why Status is FAILURE; "" when it is not.
	ErrorMessage string
	MessageID    MessageID
	// Extra are further attributes as DynamoDB JSON, by name.
	Extra map[string]string
}

// Topic is the notification topic and who reads it.
type Topic struct {
	ARN       string
	Confirmed int
	// Pending subscriptions get no mail until their address confirms.
	Pending int
}

// Deployment names the parts of one deployed order system.
type Deployment struct {
	// Stack is the CloudFormation stack it was found in; "" when named by flags.
	Stack   string
	Account string
	Region  string
	// Endpoint is the URL of another endpoint than AWS's own, or "".
	Endpoint        string
	QueueURL        string
	DeadLetterURL   string
	StateMachineARN string
	Table           string
	TopicARN        string
	APIURL          string
}
