package order

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// row reads one item. A known field of an unexpected type stays empty and is
// kept with the further attributes, so that it can be looked at.
func row(item map[string]types.AttributeValue) workflow.Row {
	var r workflow.Row
	for name, value := range item {
		text, ok := scalar(value)
		switch {
		case !ok:
			keep(&r, name, value)
		case name == userIDField:
			r.UserID = text
		case name == idField:
			r.ID = workflow.OrderID(text)
		case name == "restaurant_id":
			r.RestaurantID = text
		case name == "quantity":
			r.Quantity = text
		case name == "created_at":
			r.CreatedText = text
			r.Created = created(text)
		case name == "order_status":
			r.Status = workflow.OrderStatus(text)
		case name == "error_message":
			r.ErrorMessage = text
		case name == "message_id":
			r.MessageID = workflow.MessageID(text)
		case name == workflow.DayField: // says no more than created_at
		default:
			keep(&r, name, value)
		}
	}
	return r
}

func keep(r *workflow.Row, name string, value types.AttributeValue) {
	if r.Extra == nil {
		r.Extra = make(map[string]string)
	}
	r.Extra[name] = encodeValue(value)
}

// scalar is the text of a string or a number; other deployments may store a
// quantity as either.
func scalar(value types.AttributeValue) (string, bool) {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value, true
	case *types.AttributeValueMemberN:
		return v.Value, true
	default:
		return "", false
	}
}

func created(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
