#!/usr/bin/env bash
# Deploys the functions to Azure, with what they need. Can run again: what is there already stays.
#
#   RESOURCE_GROUP=orders LOCATION=westeurope APP=orders-7f3 STORAGE=orders7f3 REDIS_URL=rediss://... PAY_URL=https://... ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${RESOURCE_GROUP:?}" "${LOCATION:?}" "${APP:?is the name of the app, unique in Azure}" "${STORAGE:?is a storage account, unique in Azure}" "${REDIS_URL:?keeps what was placed and charged}" "${PAY_URL:?is where the payment service is}"

az group create --name "$RESOURCE_GROUP" --location "$LOCATION"
az storage account create --name "$STORAGE" --resource-group "$RESOURCE_GROUP" --location "$LOCATION" --sku Standard_LRS
connection=$(az storage account show-connection-string --name "$STORAGE" --resource-group "$RESOURCE_GROUP" --query connectionString --output tsv)
# The host itself makes orders-poison, for what has failed maxDequeueCount times.
az storage queue create --name orders --connection-string "$connection"
az storage queue create --name orders-dead --connection-string "$connection"
az storage container create --name shipped-dead --connection-string "$connection"
az functionapp create --name "$APP" --resource-group "$RESOURCE_GROUP" --storage-account "$STORAGE" \
  --flexconsumption-location "$LOCATION" --runtime node --runtime-version 22

az functionapp config appsettings set --name "$APP" --resource-group "$RESOURCE_GROUP" --settings "REDIS_URL=$REDIS_URL" "PAY_URL=$PAY_URL"

npm run build
func azure functionapp publish "$APP"

# Events come in through a topic; what cannot be delivered lies in the container.
az eventgrid topic create --name "$APP" --resource-group "$RESOURCE_GROUP" --location "$LOCATION" --input-schema cloudeventschemav1_0
resources=$(az group show --name "$RESOURCE_GROUP" --query id --output tsv)/providers
az eventgrid event-subscription create --name shipped \
  --source-resource-id "$resources/Microsoft.EventGrid/topics/$APP" \
  --included-event-types order.shipped --event-delivery-schema cloudeventschemav1_0 \
  --endpoint-type azurefunction --endpoint "$resources/Microsoft.Web/sites/$APP/functions/shipped" \
  --max-delivery-attempts 10 \
  --deadletter-endpoint "$resources/Microsoft.Storage/storageAccounts/$STORAGE/blobServices/default/containers/shipped-dead"
