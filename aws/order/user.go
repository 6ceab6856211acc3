package order

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// ByUser reads up to limit rows of one user, in one call; more tells that there
// are others. The table is keyed by user, so it costs what it reads.
func (c *Client) ByUser(ctx context.Context, userID string, limit int) (rows []workflow.Row, more bool, err error) {
	if userID == "" || len(userID) > maxUserID {
		return nil, false, nil // no row can have it
	}
	out, err := c.dynamodb.Query(ctx, &dynamodb.QueryInput{
		TableName: &c.table, Limit: awssdk.Int32(int32(max(1, min(limit, maxPage)))),
		KeyConditionExpression:    awssdk.String("#user = :user"),
		ExpressionAttributeNames:  map[string]string{"#user": userIDField},
		ExpressionAttributeValues: map[string]types.AttributeValue{":user": &types.AttributeValueMemberS{Value: userID}},
	})
	if err != nil {
		return nil, false, workflow.ProblemOf(err, "dynamodb:Query", c.table)
	}
	for _, item := range out.Items {
		rows = append(rows, row(item))
	}
	return rows, len(out.LastEvaluatedKey) > 0, nil
}
