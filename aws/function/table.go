package function

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// table is handler.Rows over DynamoDB.
type table struct {
	client *dynamodb.Client
	name   string
}

// Create calls PutItem.
func (t *table) Create(ctx context.Context, row workflow.Row) (bool, error) {
	item := key(row)
	for _, a := range facts(row) {
		item[a.name] = a.value()
	}
	item["order_status"] = text(string(row.Status))
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                &t.name,
		Item:                     item,
		ConditionExpression:      new("attribute_not_exists(#id)"),
		ExpressionAttributeNames: map[string]string{"#id": "id"},
	})
	return t.written("dynamodb:PutItem", err)
}

// Finish calls UpdateItem. A row that was lost is made anew, complete.
func (t *table) Finish(ctx context.Context, row workflow.Row, over []workflow.OrderStatus) (bool, error) {
	names := map[string]string{"#status": "order_status", "#error": "error_message"}
	values := map[string]types.AttributeValue{":status": text(string(row.Status))}
	update := []string{"#status = :status"}
	for i, a := range facts(row) {
		names[fmt.Sprintf("#f%d", i)] = a.name
		values[fmt.Sprintf(":f%d", i)] = a.value()
		update = append(update, fmt.Sprintf("#f%d = if_not_exists(#f%d, :f%d)", i, i, i))
	}
	rest := " REMOVE #error"
	if row.ErrorMessage != "" {
		values[":error"] = text(row.ErrorMessage)
		rest = ""
		update = append(update, "#error = :error")
	}
	condition := []string{"attribute_not_exists(#status)"}
	for i, status := range over {
		values[fmt.Sprintf(":over%d", i)] = text(string(status))
		condition = append(condition, fmt.Sprintf("#status = :over%d", i))
	}
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       key(row),
		UpdateExpression:          new("SET " + strings.Join(update, ", ") + rest),
		ConditionExpression:       new(strings.Join(condition, " OR ")),
		ExpressionAttributeNames:  names,
		ExpressionAttributeValues: values,
	})
	return t.written("dynamodb:UpdateItem", err)
}

// written tells a condition that did not hold from a call that failed.
func (t *table) written(operation string, err error) (bool, error) {
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return false, nil
	}
	if err != nil {
		return false, &CallError{Operation: operation, Target: t.name, Err: err}
	}
	return true, nil
}

// fact is an attribute that does not change once it is written.
type fact struct{ name, content string }

func (f fact) value() types.AttributeValue { return text(f.content) }

// facts are the attributes of row that it has, without keys, status and error.
func facts(row workflow.Row) []fact {
	var list []fact
	for _, f := range []fact{
		{"restaurant_id", row.RestaurantID},
		{"quantity", row.Quantity},
		{"created_at", row.CreatedText},
		{"message_id", string(row.MessageID)},
		{workflow.DayField, day(row)},
	} {
		if f.content != "" {
			list = append(list, f)
		}
	}
	return list
}

// day puts the row into the index by day, which has no row whose time is unknown.
func day(row workflow.Row) string {
	if row.Created.IsZero() {
		return ""
	}
	return workflow.DayKey(row.Created, row.ID)
}

func key(row workflow.Row) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"user_id": text(row.UserID), "id": text(string(row.ID))}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
