#!/usr/bin/env bash
# Deploys the functions and the resources that they need to Azure. Can be run again: existing resources are kept.
#
#   RESOURCE_GROUP=orders LOCATION=westeurope APP=orders-7f3 STORAGE=orders7f3 REDIS_URL=rediss://... PAY_URL=https://... ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${RESOURCE_GROUP:?}" "${LOCATION:?}" "${APP:?must be a name for the app, unique in Azure}" "${STORAGE:?must be a name for the storage account, unique in Azure}" "${REDIS_URL:?must be the URL of the Redis for the records}" "${PAY_URL:?must be the URL of the payment service}"

az group create --name "$RESOURCE_GROUP" --location "$LOCATION"
az storage account create --name "$STORAGE" --resource-group "$RESOURCE_GROUP" --location "$LOCATION" --sku Standard_LRS
connection=$(az storage account show-connection-string --name "$STORAGE" --resource-group "$RESOURCE_GROUP" --query connectionString --output tsv)
# The host itself creates orders-poison, for messages that have failed maxDequeueCount times.
az storage queue create --name orders --connection-string "$connection"
az storage queue create --name orders-dead --connection-string "$connection"
az storage container create --name shipped-dead --connection-string "$connection"
az functionapp create --name "$APP" --resource-group "$RESOURCE_GROUP" --storage-account "$STORAGE" \
  --flexconsumption-location "$LOCATION" --runtime node --runtime-version 22

az functionapp config appsettings set --name "$APP" --resource-group "$RESOURCE_GROUP" --settings "REDIS_URL=$REDIS_URL" "PAY_URL=$PAY_URL"

npm run build
func azure functionapp publish "$APP"

# Events arrive through a topic. Events that cannot be delivered are stored in the container.
az eventgrid topic create --name "$APP" --resource-group "$RESOURCE_GROUP" --location "$LOCATION" --input-schema cloudeventschemav1_0
resources=$(az group show --name "$RESOURCE_GROUP" --query id --output tsv)/providers
az eventgrid event-subscription create --name shipped \
  --source-resource-id "$resources/Microsoft.EventGrid/topics/$APP" \
  --included-event-types order.shipped --event-delivery-schema cloudeventschemav1_0 \
  --endpoint-type azurefunction --endpoint "$resources/Microsoft.Web/sites/$APP/functions/shipped" \
  --max-delivery-attempts 10 \
  --deadletter-endpoint "$resources/Microsoft.Storage/storageAccounts/$STORAGE/blobServices/default/containers/shipped-dead"
