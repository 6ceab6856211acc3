package dynamodb

import (
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local/identity"
)

func TestTableLife(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	created, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName:            awssdk.String("orders"),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: awssdk.String("id"), AttributeType: types.ScalarAttributeTypeN}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := created.TableDescription.TableStatus; status != types.TableStatusCreating {
		t.Errorf("status = %s", status)
	}
	if err := sdk.NewTableExistsWaiter(client).Wait(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")}, time.Minute); err != nil {
		t.Fatal(err)
	}
	_, err = client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("orders"), Item: attrs{"id": num("1"), "user": text("u")}})
	if err != nil {
		t.Fatal(err)
	}
	described, err := client.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	table := described.Table
	if got, want := awssdk.ToString(table.TableArn), "arn:aws:dynamodb:us-east-1:000000000000:table/orders"; got != want {
		t.Errorf("ARN = %s, want %s", got, want)
	}
	if *table.ItemCount != 1 || *table.TableSizeBytes != int64(len("id")+2+len("user")+len("u")) {
		t.Errorf("%d items of %d bytes", *table.ItemCount, *table.TableSizeBytes)
	}
	if table.BillingModeSummary.BillingMode != types.BillingModePayPerRequest || table.TableStatus != types.TableStatusActive {
		t.Errorf("billing %s, status %s", table.BillingModeSummary.BillingMode, table.TableStatus)
	}
	if _, err := client.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: awssdk.String("orders")}); err != nil {
		t.Fatal(err)
	}
	_, err = client.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: orders not found")
	_, err = client.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: awssdk.String("orders")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: orders not found")
}

func TestListTables(t *testing.T) {
	t.Parallel()
	client := newClient(t, tableOf("bbb", "id"), tableOf("aaa", "id"), tableOf("ccc", "id"))
	out, err := client.ListTables(t.Context(), &sdk.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aaa", "bbb", "ccc"}, out.TableNames); diff != "" {
		t.Error(diff)
	}
}

func TestTablesThatAreRefused(t *testing.T) {
	t.Parallel()
	service := New(identity.New("000000000000", "us-east-1", "http://local", 1))
	if err := createTable(service, tableOf("orders", "id")); err != nil {
		t.Fatal(err)
	}
	const invalid, schema = "ValidationException: One or more parameter values were invalid: ", "ValidationException: Invalid KeySchema: The first KeySchemaElement is HASH, and a second one is another attribute and RANGE"
	for _, c := range []struct{ name, request, want string }{
		{"twice", tableOf("orders", "id"), "ResourceInUseException: Table already exists: orders"},
		{"short name", tableOf("ab", "id"), "ValidationException: TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and ."},
		{"no key", tableOf("other"), "ValidationException: No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key"},
		{"one key twice", tableOf("other", "id", "id"), schema},
		{"three keys", tableOf("other", "a", "b", "c"), schema},
		{"sort key alone", strings.Replace(tableOf("other", "id"), "HASH", "RANGE", 1), schema},
		{"type", tableOf("other", "id:B"), invalid + "The local AWS takes keys whose AttributeDefinitions have the type S or N. Key: id"},
		{"no definition", strings.Replace(tableOf("other", "id"), `"AttributeName":"id"`, `"AttributeName":"x"`, 1), invalid + "The local AWS takes keys whose AttributeDefinitions have the type S or N. Key: id"},
		{"definition too many", strings.Replace(tableOf("other", "id", "x"), `,{"AttributeName":"x","KeyType":"RANGE"}`, "", 1), invalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"},
		{"another parameter", `{"LocalSecondaryIndexes":[]}`, "ValidationException: The parameter LocalSecondaryIndexes is not supported by the local AWS"},
	} {
		if err := createTable(service, c.request); err == nil || err.Error() != c.want {
			t.Errorf("%s: error = %v, want %s", c.name, err, c.want)
		}
	}
}

// What is not there is refused by its name, not left out of the answer.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	table := awssdk.String("order-table")
	create := func(change func(*sdk.CreateTableInput)) error {
		in := &sdk.CreateTableInput{
			TableName: awssdk.String("orders"), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: awssdk.String("id"), AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: types.KeyTypeHash}},
		}
		change(in)
		_, err := client.CreateTable(t.Context(), in)
		return err
	}
	call := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"The parameter LocalSecondaryIndexes": create(func(in *sdk.CreateTableInput) {
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{IndexName: awssdk.String("by-id"), KeySchema: in.KeySchema, Projection: &types.Projection{}}}
		}),
		"A BillingMode other than PAY_PER_REQUEST": create(func(in *sdk.CreateTableInput) { in.BillingMode = "" }),
		"ProjectionType INCLUDE": create(func(in *sdk.CreateTableInput) {
			in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{IndexName: awssdk.String("by-id"), KeySchema: in.KeySchema, Projection: &types.Projection{ProjectionType: "INCLUDE"}}}
		}),
		"A scan of an index":     call(client.Scan(t.Context(), &sdk.ScanInput{TableName: table, IndexName: awssdk.String("by-id")})),
		"The parameter Limit":    call(client.ListTables(t.Context(), &sdk.ListTablesInput{Limit: awssdk.Int32(2)})),
		"The parameter Segment":  call(client.Scan(t.Context(), &sdk.ScanInput{TableName: table, Segment: awssdk.Int32(0), TotalSegments: awssdk.Int32(1)})),
		"The parameter Expected": call(client.PutItem(t.Context(), &sdk.PutItemInput{TableName: table, Item: orderKey("u", "1"), Expected: map[string]types.ExpectedAttributeValue{"id": {}}})),
		"The parameter AttributesToGet": call(client.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{"order-table": {Keys: keysOf(1), AttributesToGet: []string{"id"}}},
		})),
		"The parameter ReturnValuesOnConditionCheckFailure": call(client.PutItem(t.Context(), &sdk.PutItemInput{TableName: table, Item: orderKey("u", "1"), ReturnValuesOnConditionCheckFailure: "ALL_OLD"})),
		"ReturnValues UPDATED_NEW":                          call(client.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: table, Key: orderKey("u", "1"), ReturnValues: types.ReturnValueUpdatedNew})),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "ValidationException", what+" is not supported by the local AWS")
		})
	}
	for operation, err := range map[string]error{
		"DeleteItem": call(client.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: table, Key: orderKey("u", "1")})),
		"BatchWriteItem": call(client.BatchWriteItem(t.Context(), &sdk.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
			"order-table": {{PutRequest: &types.PutRequest{Item: orderKey("u", "1")}}},
		}})),
		"ListBackups": call(client.ListBackups(t.Context(), &sdk.ListBackupsInput{})),
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "UnknownOperationException", `The operation "`+operation+`" is not implemented by the local AWS`)
		})
	}
	if get(t, client, "1") != nil {
		t.Error("a refused request wrote something")
	}
}
