package dynamodb

import (
	"maps"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// same compares what the SDK decoded.
func same(t *testing.T, what string, got, want attrs) {
	t.Helper()
	hidden := cmpopts.IgnoreUnexported(
		types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberBOOL{},
		types.AttributeValueMemberNULL{}, types.AttributeValueMemberL{}, types.AttributeValueMemberM{}, types.AttributeValueMemberSS{})
	if diff := cmp.Diff(want, got, hidden, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// get reads the order u/id.
func get(t *testing.T, client *sdk.Client, id string) attrs {
	t.Helper()
	out, err := client.GetItem(t.Context(), &sdk.GetItemInput{TableName: awssdk.String("order-table"), Key: orderKey("u", id)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	more := attrs{
		"n": num("12345678901234567890.123456789012345678"), "raw": &types.AttributeValueMemberB{Value: []byte{0, 255, 10}},
		"flag": &types.AttributeValueMemberBOOL{Value: true}, "none": &types.AttributeValueMemberNULL{Value: true},
		"list": &types.AttributeValueMemberL{Value: []types.AttributeValue{text("a"), &types.AttributeValueMemberM{Value: attrs{"k": num("1")}}}},
		"set":  &types.AttributeValueMemberSS{Value: []string{"x", "y"}}, "empty": text(""), "hostile": text("\x1b[31m\u202e<&>"),
	}
	put(t, client, "u", "1", more)
	want := orderKey("u", "1")
	maps.Copy(want, more)
	same(t, "item", get(t, client, "1"), want)
	if missing := get(t, client, "2"); missing != nil {
		t.Errorf("an item that is not there = %v", missing)
	}
}

func TestWritesReplaceAndUpdatesChange(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	put(t, client, "u", "1", attrs{"a": text("1"), "b": text("2")})
	put(t, client, "u", "1", attrs{"b": text("3"), "c": text("4")})
	same(t, "after the second write", get(t, client, "1"), attrs{"user_id": text("u"), "id": text("1"), "b": text("3"), "c": text("4")})
	_, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: awssdk.String("arn:aws:dynamodb:us-east-1:000000000000:table/order-table"), Key: orderKey("u", "1"),
		UpdateExpression: awssdk.String("SET a = :v REMOVE c"), ExpressionAttributeValues: attrs{":v": text("5")},
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "after the update", get(t, client, "1"), attrs{"user_id": text("u"), "id": text("1"), "a": text("5"), "b": text("3")})
}

func TestReturnValues(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	table := awssdk.String("order-table")
	update := func(values types.ReturnValue, set string) attrs {
		out, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
			TableName: table, Key: orderKey("u", "1"), ReturnValues: values,
			UpdateExpression: awssdk.String("SET a = :v"), ExpressionAttributeValues: attrs{":v": text(set)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes
	}
	row := func(a string) attrs { return attrs{"user_id": text("u"), "id": text("1"), "a": text(a)} }
	same(t, "ALL_OLD of nothing", update(types.ReturnValueAllOld, "1"), nil)
	same(t, "NONE", update(types.ReturnValueNone, "2"), nil)
	same(t, "ALL_OLD", update(types.ReturnValueAllOld, "3"), row("2"))
	replaced, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: table, Item: orderKey("u", "1"), ReturnValues: types.ReturnValueAllOld})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "put", replaced.Attributes, row("3"))
}

func TestUpdateMakesTheItem(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	_, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: awssdk.String("order-table"), Key: orderKey("u", "1"),
		UpdateExpression: awssdk.String("SET n = :one"), ExpressionAttributeValues: attrs{":one": num("1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "item", get(t, client, "1"), attrs{"user_id": text("u"), "id": text("1"), "n": num("1")})
}

func TestConditionFails(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	put(t, client, "u", "1", attrs{"order_status": text("PENDING")})
	table, first := awssdk.String("order-table"), awssdk.String("attribute_not_exists(id)")

	_, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: table, Item: orderKey("u", "1"), ConditionExpression: first})
	wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	_, err = client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: table, Key: orderKey("u", "1"), UpdateExpression: awssdk.String("SET order_status = :s"), ConditionExpression: awssdk.String("order_status <> :p"),
		ExpressionAttributeValues: attrs{":s": text("SUCCESS"), ":p": text("PENDING")},
	})
	wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	want := attrs{"user_id": text("u"), "id": text("1"), "order_status": text("PENDING")}
	same(t, "the item", get(t, client, "1"), want)
}

func TestItemsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	const invalid = "One or more parameter values were invalid: "
	for _, c := range []struct {
		name string
		item attrs
		want string
	}{
		{"no sort key", attrs{"user_id": text("u")}, invalid + "Missing the key id in the item"},
		{"key of another type", attrs{"user_id": text("u"), "id": num("1")}, invalid + "Type mismatch for key id expected: S actual: N"},
		{"empty key", orderKey("u", ""), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id"},
		{"long key", orderKey(strings.Repeat("u", 2049), "1"), invalid + "Size of the key user_id has exceeded the maximum size limit of 2048 bytes"},
		{"long sort key", orderKey("u", strings.Repeat("i", 1025)), invalid + "Size of the key id has exceeded the maximum size limit of 1024 bytes"},
		{"too large", attrs{"user_id": text("u"), "id": text("1"), "x": text(strings.Repeat("x", maxItem))}, "Item size has exceeded the maximum allowed size"},
		{"number of 39 digits", attrs{"user_id": text("u"), "id": text("1"), "n": num(strings.Repeat("9", 39))}, "A number with an exponent, needless zeros or more than 38 digits is not supported by the local AWS"},
	} {
		_, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("order-table"), Item: c.item})
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "ValidationException", c.want)
		})
	}
	_, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("nope"), Item: orderKey("u", "1")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
}

func TestKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	const schema = "The provided key element does not match the schema"
	for _, c := range []struct {
		name string
		key  attrs
		want string
	}{
		{"half a key", attrs{"user_id": text("u")}, schema},
		{"more than a key", attrs{"user_id": text("u"), "id": text("1"), "x": text("1")}, schema},
		{"another attribute", attrs{"user_id": text("u"), "x": text("1")}, schema},
		{"another type", attrs{"user_id": text("u"), "id": num("1")}, schema},
		{"empty", orderKey("", "1"), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: user_id"},
	} {
		_, got := client.GetItem(t.Context(), &sdk.GetItemInput{TableName: awssdk.String("order-table"), Key: c.key})
		_, updated := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: awssdk.String("order-table"), Key: c.key})
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, err := range []error{got, updated} {
				wantError(t, err, "ValidationException", c.want)
			}
		})
	}
	_, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: awssdk.String("order-table"), Key: orderKey("u", "1"), UpdateExpression: awssdk.String("SET id = :x"), ExpressionAttributeValues: attrs{":x": text("2")},
	})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key")
}

func TestAliasesThatAreRefused(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	for _, c := range []struct {
		name      string
		condition *string
		names     map[string]string
		values    attrs
		want      string
	}{
		{"names without expression", nil, map[string]string{"#a": "a"}, nil, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"},
		{"values without expression", nil, nil, attrs{":a": text("a")}, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}"},
		{"unused names", awssdk.String("a = b"), map[string]string{"#b": "b", "#a": "a"}, nil, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}"},
		{"unused values", awssdk.String("a = :b"), nil, attrs{":a": text("a"), ":b": text("b")}, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}"},
		{"name without #", awssdk.String("a = b"), map[string]string{"a": "a"}, nil, "Value provided in ExpressionAttributeNames unused in expressions: keys: {a}"},
		{"value without :", awssdk.String("a = b"), nil, attrs{"a": text("a")}, "Value provided in ExpressionAttributeValues unused in expressions: keys: {a}"},
		{"malformed value", awssdk.String("a = :a"), nil, attrs{":a": num("x")}, "The parameter cannot be converted to a numeric value: x"},
		{"empty condition", awssdk.String(""), nil, nil, "Invalid ConditionExpression: The expression can not be empty;"},
	} {
		_, err := client.PutItem(t.Context(), &sdk.PutItemInput{
			TableName: awssdk.String("order-table"), Item: orderKey("u", "1"), ConditionExpression: c.condition,
			ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values,
		})
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "ValidationException", c.want)
		})
	}
}
