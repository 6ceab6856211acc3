package workflow

import (
	"hash/fnv"
	"strconv"
	"time"
)

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

// The index by day lists orders newest first, whoever placed them. Its partition
// key is the day with a shard, so that no day's orders all meet in one
// partition; its sort key is created_at.
const (
	DayIndex = "created_day"
	// DayField is the attribute of the partition key. It serves the index only.
	DayField = "created_day"
	// DayShards is how many partition keys a day has. Rows that were written with
	// another number would not be found.
	DayShards = 4
)

// DayKey is the value of DayField of the order id, created at the time.
func DayKey(created time.Time, id OrderID) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return dayKey(created, int(h.Sum32()%DayShards))
}

// DayKeys are all values of DayField of the UTC day that holds the time.
func DayKeys(day time.Time) []string {
	keys := make([]string, DayShards)
	for shard := range keys {
		keys[shard] = dayKey(day, shard)
	}
	return keys
}

func dayKey(day time.Time, shard int) string {
	return day.UTC().Format(time.DateOnly) + "#" + strconv.Itoa(shard)
}
